// Below a form in a dialog: leave it, or do what it is for. The form's onSubmit does it.
import { Button, Group } from '@mantine/core';

export function FormButtons({ verb, busy, close }: { verb: string; busy: boolean; close: () => void }) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={close}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {verb}
      </Button>
    </Group>
  );
}
