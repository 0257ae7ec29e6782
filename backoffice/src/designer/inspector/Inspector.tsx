// The fields of one component of a flow: properties and what its in ports take, as the manifest describes them.
import { Alert, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import type { ComponentDescriptor, FlowDocument } from '../flow_document';
import type { InPort, Manifest } from '../manifest';
import type { Problem } from '../problems';
import { AccountSection } from './account/AccountSection';
import { InspectorProvider } from './context';
import { useDraft } from './draft';
import { focusField } from './focus_field';
import classes from './inspector.module.css';
import { PortSection } from './PortSection';
import { PropertiesSection } from './PropertiesSection';

export interface InspectorProps {
  document: FlowDocument;
  componentId: string;
  manifest: Manifest;
  /** Of this component. */
  problems: Problem[];
  /** A field to scroll to and focus: "properties/subject" or "in/subject"; from a link of the inbox. */
  focus?: string;
  readOnly: boolean;
  change: (descriptor: ComponentDescriptor) => void;
}

export function Inspector(props: InspectorProps) {
  // Another component is another Inspector: what waits to be told of this one is told when it goes.
  return <OfComponent key={props.componentId} {...props} />;
}

function OfComponent({ document, componentId, manifest, problems, focus, readOnly, change }: InspectorProps) {
  const { descriptor, edit, tell } = useDraft(document.flow[componentId]!, change);
  const root = useRef<HTMLDivElement>(null);
  const scope = useMemo(
    () => ({ document, componentId, manifest, descriptor, edit, readOnly }),
    [document, componentId, manifest, descriptor, edit, readOnly],
  );
  useEffect(() => (focus === undefined || focus === '' ? undefined : focusField(root.current!, focus)), [focus]);

  const ports = (manifest.inPorts ?? []).map((port): InPort => (typeof port === 'string' ? { name: port } : port));
  // A missing account is said where one is chosen.
  const general = problems.filter(({ field, message }) => field === '' && !(manifest.auth !== undefined && message === 'Not authenticated'));
  return (
    <InspectorProvider value={scope}>
      <Stack gap="lg" ref={root} className={classes.inspector} onBlur={tell}>
        {general.length > 0 && (
          <Alert color="red" title="This component cannot start yet">
            {general.map(({ message }, at) => (
              <Text size="sm" key={at}>
                {message}
              </Text>
            ))}
          </Alert>
        )}
        {manifest.auth !== undefined && <AccountSection service={manifest.auth.service} />}
        <PropertiesSection problems={problems} focus={focus} />
        {ports.map(port => (
          <PortSection key={port.name} port={port} named={ports.length > 1} problems={problems} focus={focus} />
        ))}
      </Stack>
    </InspectorProvider>
  );
}
