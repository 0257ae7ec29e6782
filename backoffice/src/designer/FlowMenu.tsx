import { ActionIcon, Button, Group, Kbd, Menu, Modal, Stack, Table, TextInput } from '@mantine/core';
import { IconDots, IconHistory, IconKeyboard, IconPencil } from '@tabler/icons-react';
import { type FormEvent, Fragment, useState } from 'react';
import { Link } from 'react-router';
import { KEYS } from './shortcuts';

interface Props {
  flowId: string;
  name: string;
  readOnly: boolean;
  rename: (name: string) => void;
}

export function FlowMenu({ flowId, name, readOnly, rename }: Props) {
  const [dialog, setDialog] = useState<'name' | 'keyboard' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More about this flow">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} disabled={readOnly} onClick={() => setDialog('name')}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} component={Link} to={`/flows/${flowId}/versions`}>
            Versions
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={() => setDialog('keyboard')}>
            Keyboard
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'name' && <RenameDialog name={name} rename={rename} close={close} />}
      {dialog === 'keyboard' && <KeyboardDialog close={close} />}
    </>
  );
}

function RenameDialog({ name, rename, close }: { name: string; rename: (name: string) => void; close: () => void }) {
  const [text, setText] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename(text.trim());
    close();
  };
  return (
    <Modal opened onClose={close} title="Rename the flow" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Name" data-autofocus value={text} onChange={event => setText(event.currentTarget.value)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={text.trim() === ''}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function KeyboardDialog({ close }: { close: () => void }) {
  return (
    <Modal opened onClose={close} title="Keyboard" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table>
        <Table.Tbody>
          {KEYS.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Th scope="row" fw={400}>
                {keys.split(', ').map(one => (
                  <Fragment key={one}>
                    <Kbd>{one}</Kbd>{' '}
                  </Fragment>
                ))}
              </Table.Th>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
