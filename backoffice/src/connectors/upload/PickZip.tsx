// Where a zip is dropped or chosen. What is plainly no connector is refused here, before it is sent.
import '@mantine/dropzone/styles.css';
import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileZip, IconUpload, IconX } from '@tabler/icons-react';
import { sizeText } from './size_text';

interface Props {
  limit: number;
  replaceAll: boolean;
  setReplaceAll: (on: boolean) => void;
  pick: (file: File) => void;
  refuse: (why: string) => void;
}

const TYPES = { 'application/zip': ['.zip'], 'application/x-zip-compressed': ['.zip'] };

export default function PickZip({ limit, replaceAll, setReplaceAll, pick, refuse }: Props) {
  return (
    <Stack gap="sm">
      <Dropzone
        accept={TYPES}
        maxSize={limit}
        multiple={false}
        onDrop={files => files[0] !== undefined && pick(files[0])}
        onReject={rejections => {
          const [first] = rejections;
          if (first !== undefined) {
            refuse(reasonOf(first.file, limit));
          }
        }}
        inputProps={{ 'aria-label': 'Zip file of a connector' }}
        aria-label="Choose a zip file, or drop it here"
      >
        <Group justify="center" gap="md" mih={140} style={{ pointerEvents: 'none' }}>
          <Dropzone.Accept>
            <IconUpload size={40} aria-hidden />
          </Dropzone.Accept>
          <Dropzone.Reject>
            <IconX size={40} aria-hidden />
          </Dropzone.Reject>
          <Dropzone.Idle>
            <IconFileZip size={40} aria-hidden />
          </Dropzone.Idle>
          <div>
            <Text fw={600}>Choose a zip file, or drop it here</Text>
            <Text size="sm" c="dimmed">
              At most {sizeText(limit)}
            </Text>
          </div>
        </Group>
      </Dropzone>
      <Checkbox
        label="Replace what is installed"
        description="Components and files of the installed connector that the zip does not have are removed. Otherwise the zip is laid over them."
        checked={replaceAll}
        onChange={event => setReplaceAll(event.currentTarget.checked)}
      />
    </Stack>
  );
}

function reasonOf(file: File, limit: number): string {
  return file.size > limit
    ? `${file.name} has ${sizeText(file.size)}; this server takes at most ${sizeText(limit)}. Nothing was sent.`
    : `${file.name} is no zip file. Pack the connector's folder as a zip. Nothing was sent.`;
}
