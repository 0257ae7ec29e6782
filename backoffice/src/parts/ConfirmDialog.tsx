// Asks before something that is hard to take back. The safe button has the focus first, Escape is the safe answer, and the
// focus goes back to where it came from.
import { Button, Group, Modal, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Failed } from './States';

interface Props {
  opened: boolean;
  title: string;
  /** The verb, with what it hits: "Update and stop 7 flows". */
  verb: string;
  /** 'red' where something ends or is lost. */
  color?: string;
  disabled?: boolean;
  /** Done when it resolves; then the dialog closes. What it throws is shown in the dialog. */
  confirm: () => Promise<unknown>;
  close: () => void;
  children: ReactNode;
  size?: string;
}

export function ConfirmDialog({ opened, title, verb, color = 'red', disabled = false, confirm, close, children, size = 'lg' }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const act = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await confirm();
      close();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const leave = () => {
    setFailure(null);
    close();
  };
  return (
    <Modal.Root opened={opened} onClose={leave} size={size}>
      <Modal.Overlay />
      <Modal.Content ref={asAlert}>
        <Modal.Header>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          <Stack>
            {children}
            {failure !== null && <Failed what="This was not done." error={failure} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={leave} data-autofocus>
                Cancel
              </Button>
              <Button color={color} loading={busy} disabled={disabled} onClick={() => void act()}>
                {verb}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Mantine's dialogs say "dialog", whatever role they are given. */
function asAlert(box: HTMLElement | null) {
  box?.setAttribute('role', 'alertdialog');
}
