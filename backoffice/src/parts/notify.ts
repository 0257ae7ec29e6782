// Short notes at the edge of the screen: something was done, or was not.
import { notifications } from '@mantine/notifications';
import { textOf } from './States';

// The text below a title is grey by itself, with too little contrast.
const LOOKS = { closeButtonProps: { 'aria-label': 'Close the note' }, styles: { description: { color: 'inherit' } } };

export function done(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 5000, ...LOOKS });
}

/** Stays until it is closed. */
export function notDone(what: string, error: unknown): void {
  notifications.show({ title: what, message: textOf(error), color: 'red', autoClose: false, role: 'alert', ...LOOKS });
}
