// A connector's picture, which says nothing that its name does not: no alternative text. It is shown as an image only, so
// that nothing in an SVG is ever executed. The first letter stands for a picture that is missing or not here yet.
import { Avatar } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError, request } from '../api/call';
import type { ConnectorRow } from './api';

export function ConnectorIcon({ src, label, size = 40 }: { src: string | null | undefined; label: string; size?: number }) {
  return (
    <Avatar src={src} alt="" size={size} radius="sm" variant="light" color="gray" aria-hidden imageProps={{ style: { objectFit: 'contain' } }}>
      {label.charAt(0).toUpperCase()}
    </Avatar>
  );
}

/** For lists, whose rows come without icons: fetched when the card is first on screen, once a version. */
export function LazyConnectorIcon({ connector: { name, label, installedVersion, availableVersion } }: { connector: ConnectorRow }) {
  const { data } = useQuery({
    queryKey: ['icons', name, installedVersion ?? availableVersion],
    queryFn: ({ signal }) => fetchIcon(name, signal),
    staleTime: Infinity,
    retry: false,
  });
  return <ConnectorIcon src={data} label={label} />;
}

/** Nothing when it has none. */
async function fetchIcon(name: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await request('GET /connectors/:name/icon', { params: { name }, signal });
    return await dataUrl(await response.blob());
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
