// A connector from a zip file (S86): choose it, see what it is, send it, and see what became of it.
import { Anchor, Button, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { ApiError } from '../api/call';
import { Page } from '../parts/Page';
import { Loaded, Loading, textOf } from '../parts/States';
import { sizeText } from './upload/size_text';
import { type Mode, publish, useArchiveLimit } from './upload/publish';
import { Publishing } from './upload/Publishing';
import { Refusal } from './upload/Refusal';

const PickZip = lazy(() => import('./upload/PickZip'));

export default function UploadPage() {
  const limit = useArchiveLimit();
  const [file, setFile] = useState<File | null>(null);
  const [replaceAll, setReplaceAll] = useState(false);
  const [refused, setRefused] = useState('');
  const [share, setShare] = useState(0);
  const send = useMutation({
    mutationFn: (confirmed: Mode | undefined) => {
      setShare(0);
      return publish(file!, { replaceAll, confirmed }, setShare);
    },
  });
  const pick = (picked: File | null) => {
    send.reset();
    setRefused('');
    setFile(picked);
  };
  return (
    <Page
      title="Add a connector"
      about={
        <>
          A zip that you packed, downloaded or were sent. It needs no other set-up.{' '}
          <Anchor component={Link} to="/connectors" underline="always">
            All connectors
          </Anchor>
        </>
      }
    >
      <Stack maw={760} gap="md">
        {!send.isPending && (
          <Loaded query={limit} what="the limits of this server">
            {bytes => (
              <Suspense fallback={<Loading what="the drop zone" />}>
                <PickZip
                  limit={bytes}
                  replaceAll={replaceAll}
                  setReplaceAll={setReplaceAll}
                  pick={pick}
                  refuse={why => {
                    pick(null);
                    setRefused(why);
                  }}
                />
              </Suspense>
            )}
          </Loaded>
        )}
        {refused !== '' && <Refusal fileName="The file" message={refused} code={null} lines={[]} />}
        {file !== null && send.isIdle && (
          <Picked file={file} replaceAll={replaceAll} install={() => send.mutate(undefined)} cancel={() => pick(null)} />
        )}
        {file !== null && send.isPending && <Sending file={file} share={share} />}
        {file !== null && send.isError && (
          <Refusal fileName={file.name} message={textOf(send.error)} code={send.error instanceof ApiError ? send.error.code : null} lines={[]} />
        )}
        {file !== null && send.isSuccess && (
          <Publishing key={send.data} ticket={send.data} fileName={file.name} confirm={mode => send.mutate(mode)} again={() => pick(null)} />
        )}
      </Stack>
    </Page>
  );
}

function Picked({ file, replaceAll, install, cancel }: { file: File; replaceAll: boolean; install: () => void; cancel: () => void }) {
  return (
    <Card withBorder>
      <Group justify="space-between">
        <div className="page-heading">
          <Text fw={600}>{file.name}</Text>
          <Text size="sm" c="dimmed">
            {sizeText(file.size)}
            {replaceAll && ', replaces what is installed'}
          </Text>
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button onClick={install}>Install</Button>
        </Group>
      </Group>
    </Card>
  );
}

function Sending({ file, share }: { file: File; share: number }) {
  const percent = Math.round(100 * share);
  return (
    <Stack gap="xs">
      <Text>
        Sending {file.name}: {percent} %
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label={`Sending ${file.name}`} aria-valuetext={`${percent} %`} />
      </Progress.Root>
    </Stack>
  );
}
