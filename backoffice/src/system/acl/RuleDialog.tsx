// One rule: role, resource, actions, attributes. All are free texts (rest-api §6.2); the server's words are offered to choose.
import { Autocomplete, Button, Group, Modal, Stack, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type RuleType, useRoles, useRuleWords } from './api';
import type { Rule } from './rules';

interface Props {
  type: RuleType;
  title: string;
  rule: Rule;
  save: (rule: Rule) => void;
  close: () => void;
}

const needed = (what: string) => (value: string | string[]) => (value.length === 0 || (typeof value === 'string' && value.trim() === '') ? what : null);

export function RuleDialog({ type, title, rule, save, close }: Props) {
  const words = useRuleWords(type);
  const roles = useRoles();
  const form = useForm<Rule>({
    initialValues: rule,
    validate: {
      role: needed('Say whom the rule is for.'),
      resource: needed('Say what the rule is about; * is everything.'),
      action: needed('Name at least one action; * is every action.'),
      attributes: needed('Name at least one attribute; without one the rule admits nothing.'),
    },
  });
  const submit = form.onSubmit(values => {
    save({ ...values, role: values.role.trim(), resource: values.resource.trim() });
    close();
  });
  return (
    <Modal opened onClose={close} title={title} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Autocomplete
            label="Role"
            openOnFocus={false}
            description="A scope such as user, an e-mail address, or a domain such as @example.com."
            data={roles.data?.map(({ role }) => role) ?? []}
            data-autofocus
            required
            {...form.getInputProps('role')}
          />
          <Autocomplete
            label="Resource"
            description={type === 'components' ? '* is all connectors; acme.mail.* one connector; a full name one component.' : '* is all routes.'}
            data={words.data?.resources ?? []}
            limit={50}
            required
            {...form.getInputProps('resource')}
          />
          <TagsInput
            label="Action"
            description="* allows all; an action with ! in front forbids, whatever other rules allow."
            data={words.data?.actions ?? []}
            acceptValueOnBlur
            required
            {...form.getInputProps('action')}
          />
          <TagsInput
            label="Attributes"
            description={type === 'components' ? 'non-private: what people choose from; private: helpers that are hidden in lists; *: both.' : '* is all.'}
            data={words.data?.attributes ?? []}
            acceptValueOnBlur
            required
            {...form.getInputProps('attributes')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit">{title}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
