import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Failed } from '../parts/States';
import { createFlow } from './api';

/** Asks for a name, makes an empty flow and opens it in the Designer. */
export function NewFlow({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="New flow" closeButtonProps={{ 'aria-label': 'Close' }}>
      <NameForm close={close} />
    </Modal>
  );
}

function NameForm({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: value => (value.trim() === '' ? 'Give the flow a name.' : null) },
  });
  const make = async ({ name }: { name: string }) => {
    try {
      const { flowId } = await createFlow(name.trim());
      await navigate(`/flows/${flowId}`);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form onSubmit={form.onSubmit(make)} noValidate>
      <Stack>
        <TextInput label="Name" placeholder="What the flow does" data-autofocus maxLength={255} {...form.getInputProps('name')} />
        {failure !== null && <Failed what="The flow was not made." error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={form.submitting}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
