// A file of the person's, by its id: one that is there, or a new one.
import { Button, FileButton, Select, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Failed } from '../../../parts/States';
import { uploadFile, useFiles } from '../api';
import { asText, type FieldProps, frameOf } from './field_props';

export function FileField(props: FieldProps) {
  const { value, change, label, required } = props;
  const { readOnly, ...frame } = frameOf(props);
  const files = useFiles(!readOnly);
  const client = useQueryClient();
  const upload = useMutation({
    mutationFn: uploadFile,
    onSuccess: async file => {
      await client.invalidateQueries({ queryKey: ['files'] });
      change(file.fileId);
    },
  });
  const stored = asText(value);
  const listed = (files.data ?? []).map(({ fileId, filename }) => ({ value: fileId, label: filename }));
  const data = stored === '' || listed.some(file => file.value === stored) ? listed : [...listed, { value: stored, label: files.isPending ? stored : `${stored} (not one of your files)` }];
  return (
    <Stack gap={4}>
      <Select
        {...frame}
        readOnly={readOnly}
        placeholder={files.isPending && !readOnly ? 'Loading …' : 'Choose …'}
        searchable
        clearable={!required && !readOnly}
        allowDeselect={!required && !readOnly}
        nothingFoundMessage="You have no such file."
        data={data}
        value={stored === '' ? null : stored}
        onChange={fileId => change(fileId ?? undefined)}
      />
      {files.isError && <Failed what="Your files could not be loaded." error={files.error} retry={() => void files.refetch()} />}
      {!readOnly && (
        <FileButton onChange={file => file !== null && upload.mutate(file)}>
          {button => (
            <Button {...button} variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} loading={upload.isPending} leftSection={<IconUpload size={14} aria-hidden />} aria-label={`Upload a file for ${label}`}>
              Upload a file
            </Button>
          )}
        </FileButton>
      )}
      {upload.isError && <Failed what="The file was not uploaded." error={upload.error} />}
      {upload.isSuccess && (
        <Text size="xs" role="status">
          {upload.data.filename} was uploaded.
        </Text>
      )}
    </Stack>
  );
}
