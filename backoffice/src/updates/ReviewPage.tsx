// What a change of version would do, before anything happens; then one button that does it.
import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useConnector, type ConnectorDetails } from '../connectors/api';
import { useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { Empty, Failed, Loaded } from '../parts/States';
import { beginInstall, beginUpdate, usePlan, type Confirmation } from './api';
import { operationAddress, useBegun } from './begin';
import { BreakingDialog } from './BreakingDialog';
import { Changelog } from './Changelog';
import { ImpactTable } from './ImpactTable';
import { isMode, ModeChoice } from './ModeChoice';
import { OperationProgress } from './OperationProgress';
import { PlanWarnings } from './PlanWarnings';
import { stoppingOf, verbOf } from './stopping';
import { StoppedWebhook } from './StoppedWebhook';
import { VERDICTS, type Plan, type UpdateMode, type Verdict } from './types';
import { VerdictTiles } from './VerdictTiles';
import { VersionChoice } from './VersionChoice';
import { count, VERDICT_NAMES } from './words';

export default function ReviewPage() {
  const { name } = useParams();
  const query = useConnector(name!);
  if (query.data === undefined) {
    return (
      <Page title="Review">
        <Loaded query={query} what="the connector">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <Review connector={query.data} />;
}

function Review({ connector }: { connector: ConnectorDetails }) {
  const { to: asked, set } = useReviewState();
  const to = asked ?? (connector.updateAvailable || !connector.installed ? connector.availableVersion : null);
  return (
    <Page title={connector.installed ? `Review the update of ${connector.label}` : `Review the installation of ${connector.label}`}>
      {connector.operation !== null && <OperationProgress ticket={connector.operation} />}
      <VersionChoice name={connector.name} installed={connector.installedVersion} to={to} choose={version => set('to', version)} />
      <Chosen connector={connector} to={to} />
    </Page>
  );
}

function Chosen({ connector, to }: { connector: ConnectorDetails; to: string | null }) {
  if (to === null || to === connector.installedVersion) {
    return <Empty title={to === null ? 'Choose a version' : `${to} is installed`} text="Then this page shows what changes and which flows it hits." />;
  }
  return <Planned key={to} connector={connector} to={to} />;
}

function Planned({ connector, to }: { connector: ConnectorDetails; to: string }) {
  const plan = usePlan(connector.name, { action: connector.installed ? 'update' : 'install', version: to });
  return (
    <Loaded query={plan} what="what it would do to every flow">
      {data => <Findings connector={connector} plan={data} />}
    </Loaded>
  );
}

/** What is chosen on this page stands in its address. */
function useReviewState() {
  const address = useAddress();
  const mode = address.get('mode');
  const verdict = VERDICTS.find(one => one === address.get('verdict')) ?? null;
  const set = (name: 'to' | 'mode' | 'verdict', value: string | null) => address.change({ [name]: value ?? '' }, { atOnce: true });
  return { to: address.get('to') || null, mode: isMode(mode) ? mode : ('stop-all' as const), verdict, set };
}

function Findings({ connector, plan }: { connector: ConnectorDetails; plan: Plan }) {
  const { mode, verdict, set } = useReviewState();
  const flows = verdict === null ? plan.flows : plan.flows.filter(flow => flow.verdict === verdict);
  const choose = (chosen: Verdict | null) => {
    set('verdict', chosen);
    const left = chosen === null ? plan.flows.length : plan.counts.verdicts[chosen];
    announce(`${count(left, 'flow')}${chosen === null ? '' : `: ${VERDICT_NAMES[chosen]}`}`);
  };
  return (
    <Stack>
      <PlanWarnings warnings={plan.warnings} />
      <VerdictTiles counts={plan.counts.verdicts} chosen={verdict} choose={choose} />
      {plan.flows.length === 0 ? <Text>No flow uses {connector.label}.</Text> : <ImpactTable plan={plan} flows={flows} />}
      <SimpleGrid cols={{ base: 1, md: plan.requiresConfirmation ? 2 : 1 }}>
        <Card withBorder>
          <Title order={2} size="h4" mb="xs">
            Changelog
          </Title>
          <Changelog entries={plan.changes} />
        </Card>
        {plan.requiresConfirmation && <StoppedWebhook webhook={plan.stoppedWebhook} />}
      </SimpleGrid>
      {plan.requiresConfirmation && (
        <Card withBorder>
          <ModeChoice plan={plan} mode={mode} choose={chosen => set('mode', chosen)} />
        </Card>
      )}
      <Begin connector={connector} plan={plan} mode={mode} />
    </Stack>
  );
}

function Begin({ connector, plan, mode }: { connector: ConnectorDetails; plan: Plan; mode: UpdateMode }) {
  // The plan as it was when the dialog was opened: what is confirmed is what was read.
  const [confirming, setConfirming] = useState<Plan | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const shown = useBegun();
  const navigate = useNavigate();
  const begin = async (confirmation: Confirmation) => {
    const start = plan.action === 'install' ? beginInstall : beginUpdate;
    const operation = await shown(await start(plan.name, { version: plan.to ?? undefined, ...confirmation }));
    void navigate(operationAddress(operation.ticket));
  };
  const press = async () => {
    if (plan.requiresConfirmation) {
      setConfirming(plan);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await begin({ confirmationToken: plan.confirmationToken });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group>
      {failure !== null && <Failed what="It did not begin. Nothing was changed." error={failure} />}
      <Button
        color={stoppingOf(plan, mode).flows.length > 0 ? 'red' : undefined}
        loading={busy}
        disabled={connector.operation !== null}
        onClick={() => void press()}
      >
        {verbOf(plan, mode)}
      </Button>
      <BreakingDialog
        label={connector.label}
        plan={confirming ?? plan}
        mode={mode}
        opened={confirming !== null}
        close={() => setConfirming(null)}
        begin={begin}
      />
    </Group>
  );
}
