// Search, filter chips, category and order of the catalogue. "/" puts the cursor into the search.
import { Chip, Group, NativeSelect, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { memo, useRef } from 'react';
import { type Filters, type Show, SHOWS, type Sort, SORTS } from './filters';

interface Props {
  filters: Filters;
  categories: string[];
  change: (part: Partial<Filters>) => void;
}

/** What is not typed into is remembered: a key in the search draws neither the choices nor the chips again. */
export function FilterBar({ filters: { text, category, sort, shows }, categories, change }: Props) {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => search.current?.focus()]]);
  return (
    <>
      <Group align="flex-end" gap="sm" role="search">
        <TextInput
          ref={search}
          type="search"
          label="Search"
          placeholder="Name or id"
          aria-keyshortcuts="/"
          leftSection={<IconSearch size={16} aria-hidden />}
          flex="1 1 14rem"
          value={text}
          onChange={event => change({ text: event.currentTarget.value })}
        />
        <Choices category={category} sort={sort} categories={categories} change={change} />
      </Group>
      <ShowChips shows={shows} change={change} />
    </>
  );
}

type ChoicesProps = Pick<Props, 'categories' | 'change'> & Pick<Filters, 'category' | 'sort'>;

const Choices = memo(function Choices({ category, sort, categories, change }: ChoicesProps) {
  return (
    <>
      <NativeSelect
        label="Category"
        value={category}
        data={[{ value: '', label: 'All categories' }, ...categories]}
        onChange={event => change({ category: event.currentTarget.value })}
      />
      <NativeSelect
        label="Sort by"
        value={sort}
        data={Object.entries(SORTS).map(([value, { label }]) => ({ value, label }))}
        onChange={event => change({ sort: event.currentTarget.value as Sort })}
      />
    </>
  );
});

const ShowChips = memo(function ShowChips({ shows, change }: Pick<Filters, 'shows'> & Pick<Props, 'change'>) {
  const choose = (picked: Show, on: boolean) => {
    const others = shows.filter(show => show !== picked && !(on && isContrary(show, picked)));
    change({ shows: on ? [...others, picked] : others });
  };
  return (
    <Group gap="xs" role="group" aria-label="Show">
      <Chip size="sm" checked={shows.length === 0} onChange={() => change({ shows: [] })}>
        All
      </Chip>
      {(Object.keys(SHOWS) as Show[]).map(show => (
        <Chip key={show} size="sm" checked={shows.includes(show)} onChange={on => choose(show, on)}>
          {SHOWS[show].label}
        </Chip>
      ))}
    </Group>
  );
});

function isContrary(one: Show, other: Show): boolean {
  return (one === 'installed' && other === 'not-installed') || (one === 'not-installed' && other === 'installed');
}
