// Holds back who would leave a page with changes that are not saved: other pages of the Backoffice by a dialog, closing or
// reloading the tab by the browser's own question.
import { Text } from '@mantine/core';
import { useCallback, useRef } from 'react';
import { type Location, useBeforeUnload, useBlocker } from 'react-router';
import { ConfirmDialog } from './ConfirmDialog';

interface Props {
  unsaved: boolean;
  /** What would be lost: "Your changes of the access rules". */
  what: string;
  /** Whether going from one address to another loses it; by default what leads to another page. */
  leaves?: (from: Location, to: Location) => boolean;
}

const otherPage = (from: Location, to: Location) => from.pathname !== to.pathname;

export function LeaveGuard({ unsaved, what, leaves = otherPage }: Props) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && leaves(currentLocation, nextLocation));
  const left = useRef(false);
  useBeforeUnload(
    useCallback(
      (event: BeforeUnloadEvent) => {
        if (unsaved) {
          event.preventDefault();
        }
      },
      [unsaved],
    ),
  );
  const leave = async () => {
    left.current = true;
    blocker.proceed?.();
  };
  const stay = () => {
    if (!left.current) {
      blocker.reset?.();
    }
    left.current = false;
  };
  return (
    <ConfirmDialog opened={blocker.state === 'blocked'} title="Leave without saving?" verb="Leave without saving" size="md" confirm={leave} close={stay}>
      <Text>{what} have not been saved and would be lost.</Text>
    </ConfirmDialog>
  );
}
