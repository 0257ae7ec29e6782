// The README.md that a bundle brings, as a text. The server hands out files of a bundle in a zip that holds just them
// (GET /components/:selector/:file), so the one entry is unpacked here: local header at the end of which its bytes begin, sizes
// from the directory at the zip's end.
import { useQuery } from '@tanstack/react-query';
import { ApiError, request } from '../../api/call';

const END_OF_DIRECTORY = 0x06054b50;
const END_LENGTH = 22;
const DEFLATED = 8;

/** Nothing when the bundle has none. */
export function useDocumentation(name: string, version: string | null) {
  return useQuery({
    queryKey: ['components', name, 'documentation', version],
    queryFn: ({ signal }) => fetchDocumentation(name, signal),
    enabled: version !== null,
    staleTime: Infinity,
  });
}

async function fetchDocumentation(selector: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await request('GET /components/:selector/:rest', { params: { selector, rest: 'README.md' }, signal });
    return await onlyEntry(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

async function onlyEntry(zip: ArrayBuffer): Promise<string> {
  const view = new DataView(zip);
  const end = zip.byteLength - END_LENGTH;
  if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) {
    throw new Error('The documentation came in a zip that cannot be read.');
  }
  const directory = view.getUint32(end + 16, true);
  const method = view.getUint16(directory + 10, true);
  const size = view.getUint32(directory + 20, true);
  const local = view.getUint32(directory + 42, true);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = new Blob([zip.slice(start, start + size)]);
  return method === DEFLATED ? new Response(packed.stream().pipeThrough(new DecompressionStream('deflate-raw'))).text() : packed.text();
}
