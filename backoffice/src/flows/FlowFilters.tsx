import { Checkbox, Group, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Address } from '../parts/address';
import { useInstalledConnectors } from './connectors';
import { type FlowChoices, SORTS } from './flow_choices';

const TYPED_MS = 250;
const STAGES = [
  { value: '', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'stopped', label: 'Stopped' },
];

export function FlowFilters({ address, choices }: { address: Address; choices: FlowChoices }) {
  const { data: installed = {} } = useInstalledConnectors();
  return (
    <Group align="flex-end" role="search" aria-label="Flows" gap="sm">
      <SearchInput text={choices.text} search={q => address.change({ q })} />
      <TagsInput
        label="Connectors"
        placeholder={choices.connectors.length === 0 ? 'Any; for example trello' : undefined}
        data={Object.keys(installed)}
        value={choices.connectors}
        onChange={names => address.change({ connector: names.map(name => name.trim()) })}
        acceptValueOnBlur
        clearable
        clearButtonProps={{ 'aria-label': 'Any connector' }}
        w={230}
        maw="100%"
      />
      <SegmentedControl aria-label="Running or stopped" data={STAGES} value={choices.stage} onChange={stage => address.change({ stage })} />
      <Checkbox
        label="Needs attention"
        checked={choices.attention}
        onChange={event => address.change({ attention: event.currentTarget.checked ? 'true' : '' })}
        pb={8}
      />
      <Select
        label="Sort by"
        data={SORTS}
        value={choices.sort}
        allowDeselect={false}
        onChange={sort => address.change({ sort: sort ?? undefined })}
        w={150}
        ml={{ md: 'auto' }}
      />
    </Group>
  );
}

/** Searches while one types, and follows the address when that changes without it. */
function SearchInput({ text, search }: { text: string; search: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const later = useDebouncedCallback(search, TYPED_MS);
  useEffect(() => setTyped(text), [text]);
  return (
    <TextInput
      type="search"
      label="Search"
      placeholder="Name or id"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
      w={180}
      maw="100%"
    />
  );
}
