// The head of a table: a cell for each column.
import { Checkbox, Table } from '@mantine/core';
import { Children, type ReactNode } from 'react';
import type { Selection } from './selection';

/** `columns`: names, or cells of their own; what is not there is left out. */
export function TableHead({ columns }: { columns: ReactNode[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {Children.toArray(columns).map(column =>
          typeof column === 'string' ? (
            <Table.Th key={column} scope="col">
              {column}
            </Table.Th>
          ) : (
            column
          ),
        )}
      </Table.Tr>
    </Table.Thead>
  );
}

/** Over a column of buttons, whose name only a screen reader needs. */
export function SpokenHead({ w, children }: { w?: number; children: string }) {
  return (
    <Table.Th scope="col" w={w}>
      <span className="only-spoken">{children}</span>
    </Table.Th>
  );
}

/** Over the boxes that choose rows: chooses all on this page. `what`: "flows". */
export function SelectHead({ selection, what }: { selection: Selection; what: string }) {
  return (
    <Table.Th scope="col" w={40}>
      <Checkbox
        aria-label={`Select all ${what} on this page`}
        checked={selection.page === 'all'}
        indeterminate={selection.page === 'some'}
        onChange={selection.togglePage}
      />
    </Table.Th>
  );
}
