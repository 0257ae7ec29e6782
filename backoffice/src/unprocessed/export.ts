// Unprocessed messages as a JSON file, as they are shown: without what looks like a secret.
import { saveFile } from '../parts/save_file';
import { fetchMessage } from './api';
import { withoutSecrets } from './secrets';

const AT_ONCE = 6;

export async function exportMessages(ids: string[]): Promise<void> {
  const messages: unknown[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = await Promise.all(ids.slice(from, from + AT_ONCE).map(id => fetchMessage(id)));
    messages.push(...some.map(withoutSecrets));
  }
  saveFile('unprocessed-messages.json', new Blob([JSON.stringify(messages, null, 2)], { type: 'application/json' }));
}
