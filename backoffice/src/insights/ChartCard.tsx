// A chart, and the same numbers as a table for those who cannot see it or want them exactly.
import { Card, Group, Table, Text, Title } from '@mantine/core';
import { type ReactNode, Suspense, useId } from 'react';
import { Loading } from '../parts/States';
import { TableHead } from '../parts/TableHead';

interface Props {
  title: string;
  about: string;
  /** At the right of the title. */
  control?: ReactNode;
  columns: string[];
  rows: string[][];
  children: ReactNode;
}

export function ChartCard({ title, about, control, columns, rows, children }: Props) {
  const id = useId();
  return (
    <Card withBorder component="section" aria-labelledby={id}>
      <Group justify="space-between" mih={30} gap="xs">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {control}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      <div role="img" aria-label={`Chart: ${title}. The same numbers are in the table below it.`}>
        <Suspense fallback={<Loading what="the chart" />}>{children}</Suspense>
      </div>
      <details>
        <summary>As a table</summary>
        <Table.ScrollContainer minWidth={420} mah={320} mt="xs" scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': `Table: ${title}` } }}>
          <Table verticalSpacing={4} striped>
            <TableHead columns={columns} />
            <Table.Tbody>
              {rows.map((row, at) => (
                <Table.Tr key={`${row[0]} ${at}`}>
                  {row.map((cell, place) => (
                    <Table.Td key={columns[place]}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </Card>
  );
}
