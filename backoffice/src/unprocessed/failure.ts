// Why a message failed: the `err` of an unprocessed message is JSON in a text.

export interface Failure {
  name: string;
  code: string;
  message: string;
}

export const CONNECTOR_MISSING = 'CONNECTOR_MISSING';

export function failureOf(err: string): Failure {
  try {
    const { name = '', code = '', message = '' } = JSON.parse(err) as Partial<Failure>;
    return { name: String(name), code: String(code), message: String(message) };
  } catch {
    return { name: '', code: '', message: err };
  }
}

/** What failures of one kind share. */
export const kindOf = ({ code, name }: Failure): string => code || name || 'Error';
