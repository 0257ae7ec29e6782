// The connector as a zip that can be published again (S13). The token goes in a header, so this is no plain link.
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { request } from '../../api/call';
import { notDone } from '../../parts/notify';
import { saveFile } from '../../parts/save_file';

interface Props {
  name: string;
  version: string | null;
  compact?: boolean;
}

export function DownloadButton({ name, version, compact = false }: Props) {
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const response = await request('GET /connectors/:name/download', { params: { name }, query: { version: version ?? undefined } });
      saveFile(version === null ? `${name}.zip` : `${name}-${version}.zip`, await response.blob());
    } catch (error) {
      notDone(`${name} was not downloaded.`, error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant={compact ? 'subtle' : 'default'}
      size={compact ? 'compact-sm' : 'sm'}
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={busy}
      onClick={() => void download()}
      aria-label={compact ? `Download ${version} as zip` : undefined}
    >
      {compact ? 'Zip' : 'Download as zip'}
    </Button>
  );
}
