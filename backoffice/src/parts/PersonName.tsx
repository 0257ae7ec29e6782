// Who a user id stands for; the id itself while that is not known, or when that person is gone.
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';

export function PersonName({ id }: { id: string | null }) {
  const { data } = useQuery({
    queryKey: ['users', id],
    queryFn: ({ signal }): Promise<{ username: string; email: string | null }> => call('GET /users/:userId', { params: { userId: id! }, signal }),
    enabled: id !== null,
    staleTime: 60_000,
  });
  return (
    <Text span inherit>
      {id === null ? 'The server' : data === undefined ? id : data.email || data.username}
    </Text>
  );
}
