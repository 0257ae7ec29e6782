// All rules of one type: edited here as a whole, saved by one Save.
import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Location } from 'react-router';
import { LeaveGuard } from '../../parts/LeaveGuard';
import { done } from '../../parts/notify';
import { Empty, Failed, textOf } from '../../parts/States';
import { AddUserRules } from './AddUserRules';
import { type RuleType, RulesChangedError, useSaveRules } from './api';
import { RemovalWarning } from './RemovalWarning';
import { RuleDialog } from './RuleDialog';
import { type DraftRule, drafted, lostForAll, refusedPlace, type Rule } from './rules';
import { RuleTable } from './RuleTable';
import { useRuleDraft } from './useRuleDraft';

const NEW: Record<RuleType, Rule> = {
  components: { role: '', resource: '', action: ['*'], attributes: ['non-private'] },
  routes: { role: '', resource: '*', action: ['*'], attributes: ['*'] },
};

const typeIn = ({ search }: Location) => new URLSearchParams(search).get('type');
const leaves = (from: Location, to: Location) => from.pathname !== to.pathname || typeIn(from) !== typeIn(to);

export function RuleEditor({ type, stored }: { type: RuleType; stored: Rule[] }) {
  const draft = useRuleDraft(stored);
  const save = useSaveRules(type);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [dialog, setDialog] = useState<DraftRule | 'new' | null>(null);
  const rules = draft.rules.map(({ rule }) => rule);
  const place = failure === null ? -1 : refusedPlace(textOf(failure));
  const press = async () => {
    setBusy(true);
    setFailure(null);
    try {
      draft.restart(await save(draft.edited, rules));
      done('The rules are saved and count at once.');
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const change = (next: DraftRule[]) => {
    setFailure(null);
    draft.change(next);
  };
  const discard = () => {
    setFailure(null);
    draft.restart(stored);
  };
  return (
    <Stack>
      <LeaveGuard unsaved={draft.dirty} what="Your changes of the access rules" leaves={leaves} />
      <Group justify="space-between">
        <Group gap="xs">
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
            Add rule
          </Button>
          {type === 'components' && <AddUserRules disabled={draft.dirty} />}
        </Group>
        <Group gap="xs">
          {draft.dirty && (
            <Badge variant="light" color="yellow" c="var(--mantine-color-text)" tt="none">
              Not saved yet
            </Badge>
          )}
          <Button variant="default" disabled={!draft.dirty || busy} onClick={discard}>
            Discard
          </Button>
          <Button disabled={!draft.dirty || draft.overtaken} loading={busy} onClick={() => void press()}>
            Save
          </Button>
        </Group>
      </Group>
      {draft.overtaken && (
        <Alert color="yellow" role="alert" title="The rules have changed meanwhile">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">Somebody else has saved other rules. Yours cannot be saved over them: discard yours to see theirs, then edit again.</Text>
            <Button size="xs" variant="default" onClick={discard}>
              Discard mine and show theirs
            </Button>
          </Stack>
        </Alert>
      )}
      {failure !== null && place < 0 && !(failure instanceof RulesChangedError) && <Failed what="The rules were not saved." error={failure} />}
      <RemovalWarning type={type} lost={lostForAll(draft.edited, rules)} />
      {rules.length === 0 ? (
        <Empty
          title={type === 'components' ? 'No rules: only administrators see connectors' : 'No rules: only administrators may use the API'}
          text="Add a rule to give others access."
        />
      ) : (
        <RuleTable rules={draft.rules} change={change} edit={setDialog} refused={place < 0 ? null : { place, message: textOf(failure) }} />
      )}
      {dialog !== null && (
        <RuleDialog
          type={type}
          title={dialog === 'new' ? 'Add rule' : 'Change rule'}
          rule={dialog === 'new' ? NEW[type] : dialog.rule}
          save={rule => change(dialog === 'new' ? [...draft.rules, drafted(rule)] : draft.rules.map(one => (one.key === dialog.key ? { ...one, rule } : one)))}
          close={() => setDialog(null)}
        />
      )}
    </Stack>
  );
}
