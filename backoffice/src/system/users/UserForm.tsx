// The fields of a user, for a new one and for a change.
import { Modal, PasswordInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { FormButtons } from '../../parts/FormButtons';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { useRoles } from '../acl/api';
import { type NewUser, type User, useUserChanges } from './api';

const LEAST_PASSWORD = 5;
const isEmail = (text: string) => /^[^@\s]+@[^@\s]+$/.test(text);

export function UserForm({ user, close }: { user?: User; close: () => void }) {
  const { create, update } = useUserChanges();
  const roles = useRoles();
  const isNew = user === undefined;
  const form = useForm<NewUser>({
    initialValues: { email: user?.email ?? '', username: '', password: '', scope: user?.scope ?? ['user'], vendor: user?.vendor ?? [] },
    validate: {
      // Users of before may have a name in place of an address; that may stay.
      email: value => (isEmail(value) || (!isNew && value === user.email) ? null : 'This is no e-mail address.'),
      username: value => (/\s/.test(value) ? 'No spaces.' : null),
      password: value => (isNew && value.length < LEAST_PASSWORD ? `At least ${LEAST_PASSWORD} characters.` : null),
    },
  });
  const save = useMutation({
    mutationFn: (values: NewUser): Promise<unknown> => {
      const { email, scope, vendor } = values;
      return isNew ? create(values) : update(user.id, { email, scope, vendor });
    },
    onSuccess: (_, { email }) => {
      done(isNew ? `${email} can sign in now.` : `${email} is saved.`);
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={isNew ? 'Add a user' : `Change ${user.username}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="off" required data-autofocus {...form.getInputProps('email')} />
          {isNew && (
            <>
              <TextInput label="User name" description="Without one the e-mail address is it." autoComplete="off" {...form.getInputProps('username')} />
              <PasswordInput
                label="Password"
                autoComplete="new-password"
                required
                visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
                {...form.getInputProps('password')}
              />
            </>
          )}
          <TagsInput
            label="Scopes"
            description="Roles that access rules are about; admin may do everything."
            data={roles.data?.map(({ role }) => role).filter(role => !role.includes('@')) ?? []}
            acceptValueOnBlur
            {...form.getInputProps('scope')}
          />
          <TagsInput label="Vendors" description="Whose connectors the user may publish." acceptValueOnBlur {...form.getInputProps('vendor')} />
          {save.isError && <Failed what={isNew ? 'The user was not added.' : 'The user was not changed.'} error={save.error} />}
          <FormButtons verb={isNew ? 'Add the user' : 'Save'} busy={save.isPending} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}
