// System Webhooks: who is told of what happens here, and what became of it.
import { SimpleGrid, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import { LeaveGuard } from '../parts/LeaveGuard';
import { Page } from '../parts/Page';
import { Loaded } from '../parts/States';
import { useConfiguration } from './configuration/api';
import { DeliveryLog } from './webhooks/DeliveryLog';
import { SYSTEM_EVENTS } from './webhooks/events';
import { Receivers } from './webhooks/Receivers';

export default function WebhooksPage() {
  const configuration = useConfiguration();
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
  const onUnsaved = useCallback((key: string, isUnsaved: boolean) => {
    setUnsaved(now => (now.has(key) === isUnsaved ? now : new Set(isUnsaved ? [...now, key] : [...now].filter(one => one !== key))));
  }, []);
  return (
    <Page title="System Webhooks" about="Tells your applications by itself what happened: one POST per event and URL, tried again until it arrives.">
      <LeaveGuard unsaved={unsaved.size > 0} what="Your changes of the receivers" />
      <Loaded query={configuration} what="the receivers">
        {pairs => (
          <Stack gap="xl">
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              {SYSTEM_EVENTS.map(event => (
                <Receivers key={event.key} event={event} value={pairs.find(({ key }) => key === event.key)?.value} onUnsaved={onUnsaved} />
              ))}
            </SimpleGrid>
            <DeliveryLog />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
