// What the catalogue page shows in place of cards, or above them.
import { Alert, Anchor, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { announce } from '../../parts/announce';
import { notDone } from '../../parts/notify';
import { Empty } from '../../parts/States';
import { refreshCatalogues } from '../api';
import classes from './catalogue.module.css';
import { type Filters, SHOWS } from './filters';

export function CardSkeletons() {
  return (
    <div aria-busy="true">
      <p role="status" className="only-spoken">
        Loading the connectors …
      </p>
      <div aria-hidden className={classes.grid} style={{ gridTemplateColumns: 'repeat(auto-fill, minmax(min(250px, 100%), 1fr))' }}>
        {Array.from({ length: 12 }, (_, at) => (
          <Skeleton key={at} height="10.5rem" />
        ))}
      </div>
    </div>
  );
}

export function EmptyCatalogue() {
  return (
    <Empty
      title="There are no connectors yet"
      text={
        <>
          Connectors are offered by catalogues: folders that this server reads, also without the Internet. Name one under{' '}
          <Anchor component={Link} to="/system/catalogue" underline="always" c="inherit">
            System → Catalogue sources
          </Anchor>
          , or add a connector that you have as a zip file.
        </>
      }
    />
  );
}

export function NothingFound({ filters, clear }: { filters: Filters; clear: () => void }) {
  const { text, shows, category } = filters;
  const hiding = [
    ...(text.trim() === '' ? [] : [`the search for “${text.trim()}”`]),
    ...shows.map(show => `“${SHOWS[show].label}”`),
    ...(category === '' ? [] : [`the category “${category}”`]),
  ];
  return (
    <Empty title="No connector fits" text={`Hidden by ${new Intl.ListFormat('en').format(hiding)}.`}>
      <Button variant="default" onClick={clear}>
        Clear filters
      </Button>
    </Empty>
  );
}

/** Being offline is no failure: what is installed is shown, and works. */
export function CatalogueUnreachable({ error }: { error: string }) {
  const client = useQueryClient();
  const refresh = useMutation({
    mutationFn: refreshCatalogues,
    onSuccess: result => {
      announce(result.error === null ? 'The catalogues were read.' : 'A catalogue still cannot be read.');
      return client.invalidateQueries({ queryKey: ['connectors'] });
    },
    onError: failure => notDone('The catalogues were not read again.', failure),
  });
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="A catalogue cannot be read">
      <Text size="sm" className="page-heading">
        {error}
      </Text>
      <Text size="sm">Installed connectors are shown and keep working; offers may be missing or old.</Text>
      <Group mt="xs" gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={refresh.isPending}
          onClick={() => refresh.mutate()}
        >
          Try again
        </Button>
        <Anchor component={Link} to="/system/catalogue" size="sm" underline="always" c="inherit">
          Catalogue sources
        </Anchor>
      </Group>
    </Alert>
  );
}
