// A link without the mouse: from the selected component to another one.
import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { isConnected } from '../document/edits';
import type { Components, Link } from '../document/links';
import { ERROR_PORT, nameOf, portsOf } from '../document/ports';
import type { Manifest } from '../manifest';

interface Props {
  components: Components;
  manifests: Map<string, Manifest>;
  from: string;
  connect: (link: Link) => void;
  close: () => void;
}

export function ConnectDialog({ components, manifests, from, connect, close }: Props) {
  const manifestOf = (id: string) => manifests.get(components[id]?.type ?? '');
  const name = (id: string) => nameOf(components[id]!, manifestOf(id));
  const outPorts = [...new Set([...portsOf(components[from]!, manifestOf(from)).out, ERROR_PORT])];
  const targets = Object.keys(components).filter(id => inPorts(id).length > 0);
  const [outPort, setOutPort] = useState(outPorts[0] ?? ERROR_PORT);
  const [target, setTarget] = useState<string | null>(targets.find(id => id !== from) ?? null);
  const [inPort, setInPort] = useState<string | null>(null);
  const into = inPort ?? (target === null ? undefined : inPorts(target)[0]);
  const link = target === null || into === undefined ? null : { source: from, outPort, target, inPort: into };
  const twice = link !== null && isConnected(components, link);

  function inPorts(id: string): string[] {
    return portsOf(components[id]!, manifestOf(id)).in;
  }

  return (
    <Modal opened onClose={close} title={`Connect ${name(from)} to …`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Select label="Out port" data={outPorts} value={outPort} onChange={value => setOutPort(value ?? outPort)} allowDeselect={false} />
        <Select
          label="Component"
          data-autofocus
          searchable
          openOnFocus={false}
          nothingFoundMessage="No other component takes messages."
          data={targets.map(id => ({ value: id, label: labelled(id) }))}
          value={target}
          onChange={value => {
            setTarget(value);
            setInPort(null);
          }}
          error={twice ? 'These ports are connected already.' : undefined}
        />
        {target !== null && inPorts(target).length > 1 && (
          <Select label="In port" data={inPorts(target)} value={into ?? null} onChange={setInPort} allowDeselect={false} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            disabled={link === null || twice}
            onClick={() => {
              connect(link!);
              close();
            }}
          >
            Connect
          </Button>
        </Group>
      </Stack>
    </Modal>
  );

  // Two components of a name are told apart by where they stand.
  function labelled(id: string): string {
    const same = targets.filter(other => name(other) === name(id));
    return same.length === 1 ? name(id) : `${name(id)} (${same.indexOf(id) + 1} of ${same.length})`;
  }
}
