// A table that scrolls by itself where the screen is narrow, for the mouse and for the keyboard.
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { TableHead } from '../../parts/TableHead';

interface Props {
  label: string;
  columns: string[];
  minWidth?: number;
  children: ReactNode;
}

export function ScrollingTable({ label, columns, minWidth = 560, children }: Props) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-label={label}>
      <Table verticalSpacing="xs" aria-label={label}>
        <TableHead columns={columns} />
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
