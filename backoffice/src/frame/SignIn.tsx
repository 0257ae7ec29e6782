import { Alert, Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { beginSession, useSession } from '../api/session';
import { call } from '../api/call';
import { textOf } from '../parts/States';

interface Signed {
  token: string;
  user: { id: string; username: string; scope?: string[] };
}

/** Stands in the place of whatever page was asked for; signing in shows that page. */
export function SignIn() {
  const { reason } = useSession();
  const [failure, setFailure] = useState('');
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: value => (value.trim() === '' ? 'Enter your user name, mostly an e-mail address.' : null),
      password: value => (value === '' ? 'Enter your password.' : null),
    },
  });
  useEffect(() => {
    document.title = 'Sign in · Patchbay';
  }, []);
  const signIn = async ({ username, password }: typeof form.values) => {
    setFailure('');
    try {
      const { token, user }: Signed = await call('POST /user/auth', { body: { username: username.trim(), password } });
      beginSession({ token, id: user.id, username: user.username, scope: user.scope ?? [] });
    } catch (error) {
      setFailure(textOf(error));
    }
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder w={400} maw="100%">
        <form onSubmit={form.onSubmit(signIn)} noValidate>
          <Stack>
            <Title order={1} size="h3">
              Sign in to Patchbay
            </Title>
            {reason !== '' && <Text>{reason}</Text>}
            <TextInput label="User name" autoComplete="username" autoFocus required withAsterisk={false} {...form.getInputProps('username')} />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
              {...form.getInputProps('password')}
            />
            {failure !== '' && (
              <Alert role="alert" color="red" title="Not signed in">
                {failure}
              </Alert>
            )}
            <Button type="submit" loading={form.submitting}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
