import { ActionIcon, Badge, Group, Menu, Table, Text } from '@mantine/core';
import { IconDots, IconKey, IconPencil, IconTrash } from '@tabler/icons-react';
import { useSession } from '../../api/session';
import { SpokenHead, TableHead } from '../../parts/TableHead';
import { Time } from '../../parts/Time';
import type { User } from './api';

export type UserAction = 'edit' | 'password' | 'remove';

export function UserTable({ users, act }: { users: User[]; act: (action: UserAction, user: User) => void }) {
  const { session } = useSession();
  return (
    <Table.ScrollContainer minWidth={680} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Users' } }}>
      <Table verticalSpacing="xs" striped>
        <TableHead columns={['User', 'Scopes', 'Vendors', 'Since', <SpokenHead w={60}>Actions</SpokenHead>]} />
        <Table.Tbody>
          {users.map(user => (
            <Table.Tr key={user.id}>
              <Table.Td>
                <Group gap={6}>
                  <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                    {user.username}
                  </Text>
                  {user.id === session?.id && <Tag text="You" />}
                  {!user.isActive && <Tag text="Not active" />}
                </Group>
                {user.email !== user.username && (
                  <Text size="sm" c="dimmed">
                    {user.email}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {user.scope.map(scope => (
                    <Tag key={scope} text={scope} />
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{user.vendor.join(', ') || '–'}</Table.Td>
              <Table.Td>
                <Time at={user.created} />
              </Table.Td>
              <Table.Td>
                <Menu position="bottom-end">
                  <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.username}`}>
                      <IconDots size={18} aria-hidden />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => act('edit', user)}>
                      Change
                    </Menu.Item>
                    <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => act('password', user)}>
                      Set a new password
                    </Menu.Item>
                    <Menu.Item
                      color="red.9"
                      leftSection={<IconTrash size={16} aria-hidden />}
                      disabled={user.id === session?.id}
                      onClick={() => act('remove', user)}
                    >
                      {user.id === session?.id ? 'Delete (not yourself)' : 'Delete'}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Tag({ text }: { text: string }) {
  return (
    <Badge variant="default" radius="sm" tt="none" fw={500}>
      {text}
    </Badge>
  );
}
