import { Badge, Text } from '@mantine/core';
import { IconPuzzle } from '@tabler/icons-react';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { isTrigger, nameOf } from '../document/ports';
import { plural } from '../plural';
import type { ComponentNode as ComponentNodeOf } from './canvas_nodes';
import classes from './Canvas.module.css';

/** React Flow gives a node its place on each move; it is drawn again only when what it shows changes. */
export const ComponentNode = memo(Drawn, (before, after) => before.data === after.data && before.selected === after.selected);

function Drawn({ data, selected }: NodeProps<ComponentNodeOf>) {
  const { component, manifest, ports, problems, attention } = data;
  const rows = Math.max(ports.in.length, ports.out.length);
  return (
    <div className={classes.node} data-selected={selected || undefined} data-missing={manifest === undefined || undefined}>
      <div className={classes.head}>
        <ComponentIcon icon={manifest?.icon} />
        <div className={classes.names}>
          <Text size="xs" fw={600} truncate title={nameOf(component, manifest)}>
            {nameOf(component, manifest)}
          </Text>
          <Text size="10px" c="dimmed" truncate title={component.type}>
            {component.type}
          </Text>
        </div>
      </div>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.ports}>
          <Port name={ports.in[row]} type="target" />
          <Port name={ports.out[row]} type="source" />
        </div>
      ))}
      <div className={classes.badges}>
        {manifest === undefined && <Mark color="red">Not available</Mark>}
        {manifest?.loadError !== undefined && <Mark color="red">Does not load</Mark>}
        {attention !== undefined && <Mark color="orange">Needs attention</Mark>}
        {problems !== undefined && <Mark color="red">{plural(problems.length, 'problem')}</Mark>}
        {manifest !== undefined && isTrigger(manifest) && <Mark color="blue">Trigger</Mark>}
      </div>
    </div>
  );
}

function Mark({ color, children }: { color: string; children: string }) {
  return (
    <Badge size="xs" color={color} variant="outline" className={classes.mark}>
      {children}
    </Badge>
  );
}

function Port({ name, type }: { name: string | undefined; type: 'source' | 'target' }) {
  if (name === undefined) {
    return <span />;
  }
  return (
    <span className={classes.port} data-type={type}>
      <Handle id={name} type={type} position={type === 'source' ? Position.Right : Position.Left} className={classes.handle} />
      {name}
    </span>
  );
}

/** Pictures of connectors are decoration; they are shown as images, so that no script in them runs. */
export function ComponentIcon({ icon, size = 24 }: { icon?: string; size?: number }) {
  return icon?.startsWith('data:image/') ? (
    <img src={icon} alt="" width={size} height={size} draggable={false} className={classes.icon} />
  ) : (
    <IconPuzzle size={size} aria-hidden className={classes.icon} />
  );
}
