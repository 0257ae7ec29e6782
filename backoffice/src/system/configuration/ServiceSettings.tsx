// Settings that connectors read, by service.
import { ActionIcon, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { done } from '../../parts/notify';
import { Empty, Loaded } from '../../parts/States';
import { type ServiceSettings, useServiceChanges, useServices } from './api';
import { SecretText } from './SecretText';
import { ServiceDialog } from './ServiceDialog';
import { isSecret, shown } from './values';

export function ServiceSettingsList() {
  const services = useServices();
  const { remove } = useServiceChanges();
  const [dialog, setDialog] = useState<ServiceSettings | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  return (
    <Stack>
      <Group justify="flex-end">
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
          Add settings of a service
        </Button>
      </Group>
      <Loaded query={services} what="the settings of services">
        {all => (
          <>
            {all.length === 0 ? (
              <Empty title="No service has settings of its own" text="Add client id and secret here to connect accounts through an OAuth application of your own." />
            ) : (
              <SimpleGrid cols={{ base: 1, md: 2 }} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                {all.map(one => (
                  <Service key={one.serviceId} settings={one} edit={() => setDialog(one)} remove={() => setRemoving(one.serviceId)} />
                ))}
              </SimpleGrid>
            )}
            {dialog !== null && <ServiceDialog settings={dialog === 'new' ? undefined : dialog} taken={all.map(({ serviceId }) => serviceId)} close={() => setDialog(null)} />}
          </>
        )}
      </Loaded>
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove the settings of ${removing ?? ''}?`}
        verb="Remove the settings"
        confirm={async () => {
          await remove(removing!);
          done(`The settings of ${removing} are removed.`);
        }}
        close={() => setRemoving(null)}
      >
        <Text>Accounts that were connected with them may have to be connected again.</Text>
      </ConfirmDialog>
    </Stack>
  );
}

function Service({ settings: { serviceId, ...settings }, edit, remove }: { settings: ServiceSettings; edit: () => void; remove: () => void }) {
  return (
    <Card withBorder component="li">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Title order={2} size="h5" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {serviceId}
        </Title>
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="subtle" color="gray" aria-label={`Change the settings of ${serviceId}`} onClick={edit}>
            <IconPencil size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red" aria-label={`Remove the settings of ${serviceId}`} onClick={remove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Stack gap={6}>
        {Object.entries(settings).map(([key, value]) => (
          <Group key={key} gap="sm" wrap="nowrap" justify="space-between" mih={28}>
            <Text size="sm" c="dimmed">
              {key}
            </Text>
            {isSecret(key) ? (
              <SecretText name={`${key} of ${serviceId}`} value={shown(value)} />
            ) : (
              <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {shown(value)}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
