// Folders that offer connectors to install and update from.
import { ActionIcon, Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done, notDone } from '../parts/notify';
import { Page } from '../parts/Page';
import { Loaded } from '../parts/States';
import { AddPlace } from './catalogue/AddPlace';
import { CATALOGUE_KEY, placesOf, useCatalogue, useRefresh } from './catalogue/api';
import { useConfiguration, useConfigurationChanges } from './configuration/api';

export default function CatalogueSourcesPage() {
  const configuration = useConfiguration();
  return (
    <Page title="Catalogue sources" about="Where connectors to install and their updates come from." actions={<RefreshButton />}>
      <Offered />
      <Loaded query={configuration} what="the sources">
        {pairs => <Sources places={placesOf(pairs.find(({ key }) => key === CATALOGUE_KEY)?.value)} />}
      </Loaded>
    </Page>
  );
}

function RefreshButton() {
  const [busy, setBusy] = useState(false);
  const refresh = useRefresh();
  const press = async () => {
    setBusy(true);
    try {
      const { refreshed, error } = await refresh();
      if (error === null) {
        done(`All sources were read: ${refreshed} versions of connectors are on offer.`);
      } else {
        notDone('Not all sources could be read; what they last gave stays on offer.', new Error(error));
      }
    } catch (error) {
      notDone('The sources were not read.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={busy} onClick={() => void press()}>
      Read all now
    </Button>
  );
}

function Offered() {
  return (
    <Loaded query={useCatalogue()} what="what is on offer">
      {({ offered, errors }) => (
        <>
          <Text>
            <b>{offered}</b> {offered === 1 ? 'connector is' : 'connectors are'} on offer. Sources are read at the start of the server, when this list changes, and on demand.
          </Text>
          {errors.length > 0 && (
            <Alert color="yellow" role="status" title="Some sources cannot be read">
              {errors.map(error => (
                <Text key={error} size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {error}
                </Text>
              ))}
              <Text size="sm">What they last gave stays on offer.</Text>
            </Alert>
          )}
        </>
      )}
    </Loaded>
  );
}

function Sources({ places }: { places: string[] }) {
  const { put, remove } = useConfigurationChanges();
  const refresh = useRefresh();
  const [removing, setRemoving] = useState<string | null>(null);
  const store = async (next: string[]) => {
    await (next.length === 0 ? remove(CATALOGUE_KEY) : put(CATALOGUE_KEY, next));
    await refresh();
  };
  return (
    <Stack>
      <Title order={2} size="h4">
        Folders
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        <Card withBorder component="li" padding="sm">
          <Text size="sm">The starter connectors that ship with the server (unless it was started with --empty)</Text>
        </Card>
        {places.map(place => (
          <Card withBorder component="li" padding="sm" key={place}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {place}
              </Text>
              <ActionIcon variant="subtle" color="red" aria-label={`Remove ${place}`} onClick={() => setRemoving(place)}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </Card>
        ))}
      </Stack>
      <AddPlace places={places} add={place => store([...places, place])} />
      <ConfirmDialog
        opened={removing !== null}
        title="Remove this source?"
        verb="Remove the source"
        confirm={async () => {
          await store(places.filter(place => place !== removing));
          done('The source is removed.');
        }}
        close={() => setRemoving(null)}
      >
        <Text style={{ overflowWrap: 'anywhere' }}>{removing}: its connectors are no longer offered. What was installed from it stays.</Text>
      </ConfirmDialog>
    </Stack>
  );
}
