import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connector } from '../connectors/api';
import { notDone } from '../parts/notify';
import { beginInstall } from './api';
import { reviewAddress, useBegun, wantsConfirmation } from './begin';
import type { Operation } from './types';

export function InstallButton({ connector, begun }: { connector: Connector; begun: (operation: Operation) => void }) {
  const [busy, setBusy] = useState(false);
  const shown = useBegun();
  const navigate = useNavigate();
  const install = async () => {
    setBusy(true);
    try {
      begun(await shown(await beginInstall(connector.name, {})));
    } catch (error) {
      // Flows that still run miss it, and would not fit this version.
      if (wantsConfirmation(error)) {
        void navigate(reviewAddress(connector.name, connector.availableVersion));
      } else {
        notDone(`${connector.label} was not installed. Nothing was changed.`, error);
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void install()}>
      Install Connector
    </Button>
  );
}
