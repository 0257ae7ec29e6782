// Why a zip was not installed, by file and field, and what a good one looks like.
import { Alert, Code, List, Stack, Text } from '@mantine/core';
import type { Line } from './publish';

const TREE = `acme/                       the vendor
  invoices/                 the connector
    bundle.json             name, version, changelog
    service.json            label, icon, description
    auth.js                 accounts, if it needs any
    core/
      CreateInvoice/
        component.json
        CreateInvoice.js`;

interface Props {
  fileName: string;
  message: string;
  code: string | null;
  lines: Line[];
}

export function Refusal({ fileName, message, code, lines }: Props) {
  return (
    <Alert role="alert" color="red" title={`${fileName} was not installed`}>
      <Stack gap="xs" className="page-heading">
        <Text size="sm">{message}</Text>
        {lines.length > 0 && (
          <List size="sm" spacing={2} aria-label="What is wrong">
            {lines.map((line, at) => (
              <List.Item key={at}>
                {line.dataPath !== undefined && line.dataPath !== '' && (
                  <>
                    <Code>{line.dataPath}</Code>{' '}
                  </>
                )}
                {line.message}
              </List.Item>
            ))}
          </List>
        )}
        {code === 'BUNDLE_REFUSED' && (
          <>
            <Text size="sm">A connector&apos;s zip holds these folders:</Text>
            <Code block>{TREE}</Code>
          </>
        )}
      </Stack>
    </Alert>
  );
}
