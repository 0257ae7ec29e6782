// Quotas: the rules that connectors ship, and those that an administrator has put in their place.
import { Badge, Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done } from '../parts/notify';
import { Page } from '../parts/Page';
import { Empty, Loaded } from '../parts/States';
import { type Quota, useQuotaChanges, useQuotas } from './quotas/api';
import { QuotaDialog } from './quotas/QuotaDialog';

export default function QuotasPage() {
  const quotas = useQuotas();
  const { remove } = useQuotaChanges();
  const [dialog, setDialog] = useState<Quota | 'new' | null>(null);
  const [removing, setRemoving] = useState<Quota | null>(null);
  const ships = removing !== null && removing.defaultSource !== '';
  return (
    <Page
      title="Quotas"
      about="How often connectors may call their services. What finds no room waits, in order, and is not lost."
      actions={
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
          Add a quota
        </Button>
      }
    >
      <Loaded query={quotas} what="the quotas">
        {all => (
          <>
            {all.length === 0 ? (
              <Empty title="No quotas" text="No installed connector ships rules, and none were added." />
            ) : (
              <Stack component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                {all.map(quota => (
                  <Row key={quota.id} quota={quota} edit={() => setDialog(quota)} remove={() => setRemoving(quota)} />
                ))}
              </Stack>
            )}
            {dialog !== null && <QuotaDialog quota={dialog === 'new' ? undefined : dialog} taken={all.map(({ name }) => name)} close={() => setDialog(null)} />}
          </>
        )}
      </Loaded>
      <ConfirmDialog
        opened={removing !== null}
        title={ships ? `Back to the shipped rules of ${removing.name}?` : `Remove ${removing?.name ?? ''}?`}
        verb={ships ? 'Use the shipped rules' : 'Remove the quota'}
        confirm={async () => {
          await remove(removing!.name);
          done(ships ? `${removing.name} has the shipped rules again.` : `${removing!.name} is removed.`);
        }}
        close={() => setRemoving(null)}
      >
        <Text>{ships ? 'The rules that were written here go; what the connector ships counts at once.' : 'Components that name it are no longer held back.'}</Text>
      </ConfirmDialog>
    </Page>
  );
}

function Row({ quota, edit, remove }: { quota: Quota; edit: () => void; remove: () => void }) {
  const custom = quota.isCustom === true;
  const ships = quota.defaultSource !== '';
  return (
    <Card withBorder component="li">
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h5" ff="monospace">
            {quota.name}
          </Title>
          <Badge variant="default" tt="none">
            {!custom ? 'Shipped' : ships ? 'Changed here' : 'Added here'}
          </Badge>
        </Group>
        <Group gap="xs">
          {custom && (
            <Button size="compact-sm" variant="default" color="red" onClick={remove} aria-label={ships ? `Back to the shipped rules of ${quota.name}` : `Remove ${quota.name}`}>
              {ships ? 'Back to the shipped rules' : 'Remove'}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={edit} aria-label={`Change ${quota.name}`}>
            Change
          </Button>
        </Group>
      </Group>
      <Code block tabIndex={0} role="region" aria-label={`Rules of ${quota.name}`} mah={180} style={{ overflow: 'auto' }}>
        {quota.source.trim()}
      </Code>
    </Card>
  );
}
