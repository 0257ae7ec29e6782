import { Select } from '@mantine/core';
import { type ConnectorVersion, useVersions } from '../connectors/api';

interface Props {
  name: string;
  installed: string | null;
  to: string | null;
  choose: (version: string) => void;
}

/** From the installed version to any that is on offer or still kept, up or down. */
export function VersionChoice({ name, installed, to, choose }: Props) {
  const { data = [], isError } = useVersions(name);
  return (
    <Select
      label={installed === null ? 'Version to install' : `From ${installed} to`}
      placeholder="Choose a version"
      data={choices(data, installed)}
      value={to}
      onChange={value => value !== null && choose(value)}
      error={isError ? 'The versions could not be loaded.' : undefined}
      allowDeselect={false}
      searchable
      maw={420}
    />
  );
}

/** The rows come newest first: what stands below the installed one is older. */
function choices(rows: ConnectorVersion[], installed: string | null) {
  const versions = [...new Map(rows.map(row => [row.version, row])).values()];
  const at = versions.findIndex(({ version }) => version === installed);
  return versions.map((row, index) => ({
    value: row.version,
    label: [row.version, wordOf(row, installed, at === -1 ? 0 : index - at)].filter(part => part !== '').join(' – '),
    disabled: row.version === installed || !row.compatible,
  }));
}

function wordOf({ version, compatible, engine, offered }: ConnectorVersion, installed: string | null, below: number): string {
  if (version === installed) {
    return 'installed';
  }
  if (!compatible) {
    return `needs engine ${engine}`;
  }
  return [below > 0 ? 'downgrade' : '', offered ? '' : 'from the trash'].filter(part => part !== '').join(', ');
}
