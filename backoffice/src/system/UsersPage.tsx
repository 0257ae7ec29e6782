// Users: who may sign in, with which scopes.
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { pageOf, useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { Page } from '../parts/Page';
import { Pager } from '../parts/Pager';
import { Empty, Loaded } from '../parts/States';
import { SearchField } from './SearchField';
import { type User, useUserChanges, useUserCount, useUsers } from './users/api';
import { PasswordDialog } from './users/PasswordDialog';
import { RemovalProgress } from './users/RemovalProgress';
import { UserForm } from './users/UserForm';
import { type UserAction, UserTable } from './users/UserTable';

const PAGE = 25;

interface Removing {
  userId: string;
  ticket: string;
  name: string;
}

export default function UsersPage() {
  const address = useAddress();
  const page = pageOf(address);
  const pattern = address.get('q');
  const users = useUsers({ pattern, limit: PAGE, offset: (page - 1) * PAGE });
  const count = useUserCount(pattern);
  const { remove } = useUserChanges();
  const [dialog, setDialog] = useState<{ action: UserAction | 'add'; user?: User } | null>(null);
  const [removals, setRemovals] = useState<Removing[]>([]);
  const close = () => setDialog(null);
  useEffect(() => {
    if (count.data !== undefined) {
      announce(`${count.data} ${count.data === 1 ? 'user' : 'users'}`);
    }
  }, [count.data]);
  const deleting = dialog?.action === 'remove' ? dialog.user : undefined;
  return (
    <Page
      title="Users"
      about={count.data === undefined ? undefined : `${count.data} ${count.data === 1 ? 'user' : 'users'}${pattern === '' ? '' : ' found'}`}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ action: 'add' })}>
          Add a user
        </Button>
      }
    >
      {removals.map(removal => (
        <RemovalProgress key={removal.ticket} {...removal} close={() => setRemovals(removals.filter(({ ticket }) => ticket !== removal.ticket))} />
      ))}
      <Group>
        <SearchField label="Search by name or e-mail" value={pattern} search={text => address.change({ q: text })} />
      </Group>
      <Loaded query={users} what="the users">
        {found =>
          found.length === 0 ? (
            <Empty title="No such user" text={pattern === '' ? undefined : `Nobody’s name or e-mail contains “${pattern}”.`} />
          ) : (
            <UserTable users={found} act={(action, user) => setDialog({ action, user })} />
          )
        }
      </Loaded>
      <Pager page={page} size={PAGE} total={count.data ?? 0} what="users" show={shown => address.change({ page: String(shown) }, { step: true })} />
      {dialog?.action === 'add' && <UserForm close={close} />}
      {dialog?.action === 'edit' && <UserForm user={dialog.user} close={close} />}
      {dialog?.action === 'password' && <PasswordDialog user={dialog.user!} close={close} />}
      <ConfirmDialog
        opened={deleting !== undefined}
        title={`Delete ${deleting?.username ?? ''}?`}
        verb="Delete the user"
        confirm={async () => {
          const { id, username } = deleting!;
          const ticket = await remove(id);
          setRemovals(now => [...now.filter(one => one.ticket !== ticket), { userId: id, ticket, name: username }]);
        }}
        close={close}
      >
        <Stack gap="xs">
          <Text>The user’s running flows are stopped. Then these go with the user and cannot be brought back: flows, accounts, data stores, files and logs.</Text>
        </Stack>
      </ConfirmDialog>
    </Page>
  );
}
