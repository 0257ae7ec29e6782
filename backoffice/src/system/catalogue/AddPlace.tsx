import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { placeProblem } from './api';

export function AddPlace({ places, add }: { places: string[]; add: (place: string) => Promise<void> }) {
  const [place, setPlace] = useState('');
  const [tried, setTried] = useState(false);
  const problem = placeProblem(place.trim(), places);
  const save = useMutation({
    mutationFn: () => add(place.trim()),
    onSuccess: () => {
      setPlace('');
      setTried(false);
      done('The source is added and was read.');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) {
      save.mutate();
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-start" gap="xs">
        <TextInput
          label="Add a folder"
          description="On the server, with an index.json and the zips it names."
          placeholder="/srv/connectors"
          style={{ flex: 1, minWidth: 220 }}
          maw={560}
          value={place}
          error={tried ? problem : null}
          onChange={event => setPlace(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" mt={{ base: 0, xs: 44 }} loading={save.isPending}>
          Add
        </Button>
      </Group>
      {save.isError && <Failed what="The source was not added." error={save.error} />}
    </form>
  );
}
