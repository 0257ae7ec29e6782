// Cautions before flows break or stop (S99, S100): what changes, whom it hits, and that Cancel changes nothing.
// It confirms the plan that it shows, by that plan's token: when flows or versions changed meanwhile, the server refuses, the
// dialog shows what changed, and what is confirmed next is the new plan.
import { Alert, List, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../api/call';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import type { Confirmation } from './api';
import { planDifferences } from './plan_differences';
import { PlanWarnings } from './PlanWarnings';
import { breakingOf, verbOf } from './stopping';
import { StoppedSentence } from './StoppedSentence';
import type { Plan, UpdateMode } from './types';

/** From so many running flows that break on, a click is not enough. */
const TYPED_FROM = 51;

interface Props {
  label: string;
  /** As it was when the dialog was opened. */
  plan: Plan;
  mode: UpdateMode;
  opened: boolean;
  close: () => void;
  begin: (confirmation: Confirmation) => Promise<unknown>;
}

export function BreakingDialog({ label, plan: asked, mode, opened, close, begin }: Props) {
  const [renewed, setRenewed] = useState<Plan | null>(null);
  const [typed, setTyped] = useState('');
  const plan = renewed ?? asked;
  const mustType = breakingOf(plan).length >= TYPED_FROM;
  const confirm = async () => {
    try {
      await begin({ confirmBreaking: true, confirmationToken: plan.confirmationToken, mode });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'CONNECTOR_PLAN_CHANGED') {
        setRenewed(error.data as Plan);
      }
      throw error;
    }
  };
  const leave = () => {
    setRenewed(null);
    setTyped('');
    close();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Breaking change in ${label} ${plan.to}`}
      verb={verbOf(plan, mode)}
      disabled={mustType && typed.trim() !== label}
      confirm={confirm}
      close={leave}
    >
      <Stack>
        {renewed !== null && <Changed before={asked} after={renewed} />}
        <Text>
          {plan.from === null ? `Version ${plan.to} of ${label} does not fit all flows that wait for it.` : `${label} goes from ${plan.from} to ${plan.to}.`}{' '}
          The flows themselves are not changed: their owners have to adapt them.
        </Text>
        <BreakingEntries plan={plan} />
        <StoppedSentence label={label} plan={plan} mode={mode} />
        <PlanWarnings warnings={plan.warnings} />
        {mustType && (
          <TextInput
            label={`${breakingOf(plan).length} running flows would break. Type ${label} to go on.`}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
          />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function BreakingEntries({ plan }: { plan: Plan }) {
  const told = plan.changes.flatMap(({ version, changes }) => changes.filter(({ breaking }) => breaking).map(({ text }) => `${version}: ${text}`));
  const found = plan.interfaceChanges.filter(({ severity }) => severity === 'breaking').map(({ component, message }) => `${component}: ${message}`);
  const [title, lines] = told.length > 0 ? ['What breaks, as the changelog tells:', told] : ['What breaks, as found by comparing both versions:', found];
  if (lines.length === 0) {
    return <Text>The changelog names no breaking entry; its major version says that it is one.</Text>;
  }
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <List size="sm">
        {lines.map(line => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </div>
  );
}

function Changed({ before, after }: { before: Plan; after: Plan }) {
  return (
    <Alert color="yellow" role="status" title="What changed since you looked">
      <List size="sm">
        {planDifferences(before, after).map(line => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
