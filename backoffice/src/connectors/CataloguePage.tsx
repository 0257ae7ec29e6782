// All connectors: installed, on offer, and uploaded here. Every filter is in the page's address.
import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useNavigate } from 'react-router';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { Failed, Loaded, Stale } from '../parts/States';
import { type Catalogue, type ConnectorRow, useCatalogue, useFlowUsage } from './api';
import { CardGrid } from './catalogue/CardGrid';
import { CardSkeletons, CatalogueUnreachable, EmptyCatalogue, NothingFound } from './catalogue/CatalogueStates';
import { FilterBar } from './catalogue/FilterBar';
import { chosen, countFlows, type FlowCounts, isFiltered, needsUsage, sortedByName } from './catalogue/filters';
import { useFilters } from './catalogue/use_filters';

export default function CataloguePage() {
  const catalogue = useCatalogue();
  const navigate = useNavigate();
  const { data } = catalogue;
  return (
    <Page title="Connectors" about={data === undefined ? undefined : countsOf(data)}>
      {data?.error != null && <CatalogueUnreachable error={data.error} />}
      {data !== undefined && catalogue.isError && (
        <Stale since={catalogue.dataUpdatedAt} error={catalogue.error} retry={() => void catalogue.refetch()} />
      )}
      {data !== undefined ? (
        <Connectors catalogue={data} />
      ) : catalogue.isError ? (
        <Failed what="The connectors could not be loaded." error={catalogue.error} retry={() => void catalogue.refetch()} />
      ) : (
        <CardSkeletons />
      )}
      <Group>
        <Button px="sm" onClick={() => void navigate('/connectors/upload')}>
          Add Connector from your Filesystem
        </Button>
      </Group>
    </Page>
  );
}

function Connectors({ catalogue }: { catalogue: Catalogue }) {
  const { filters, change, clear } = useFilters();
  const rows = useMemo(() => sortedByName(catalogue.rows), [catalogue.rows]);
  const usage = useFlowUsage(undefined, needsUsage(filters));
  const counts = useMemo(() => (usage.data === undefined ? undefined : countFlows(rows, usage.data)), [rows, usage.data]);
  const shown = useMemo(() => chosen(rows, filters, counts), [rows, filters, counts]);
  const categories = useMemo(() => [...new Set(rows.map(({ category }) => category))].filter(category => category !== '').sort(), [rows]);
  const result = `${shown.length} of ${rows.length} connectors`;
  useEffect(() => {
    if (isFiltered(filters)) {
      announce(result);
    }
  }, [result, filters]);
  if (rows.length === 0) {
    return <EmptyCatalogue />;
  }
  return (
    <>
      <FilterBar filters={filters} categories={categories} change={change} />
      {needsUsage(filters) && counts === undefined ? (
        <Loaded query={usage} what="which flows use them">
          {() => null}
        </Loaded>
      ) : (
        <Found connectors={shown} counts={counts} result={result} nothing={<NothingFound filters={filters} clear={clear} />} />
      )}
    </>
  );
}

function Found({ connectors, counts, result, nothing }: { connectors: ConnectorRow[]; counts: FlowCounts; result: string; nothing: ReactNode }) {
  if (connectors.length === 0) {
    return nothing;
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        {result}
      </Text>
      <CardGrid connectors={connectors} counts={counts} />
    </>
  );
}

function countsOf({ rows }: Catalogue): string {
  const installed = rows.filter(row => row.installed).length;
  const updates = rows.filter(row => row.updateAvailable).length;
  return `${rows.length} connectors, ${installed} installed${updates === 0 ? '' : `, ${updates} ${updates === 1 ? 'update' : 'updates'} available`}`;
}
