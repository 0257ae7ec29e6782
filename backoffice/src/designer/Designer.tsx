// One flow, loaded: what can be done with it and what is known about it, put together.
import { Badge, Group, Text } from '@mantine/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useIsAdmin, useSession } from '../api/session';
import { Page } from '../parts/Page';
import { useActions } from './actions';
import type { StoredFlow } from './api';
import { useCounts } from './counts';
import { type Editor, useEditor } from './document/editor';
import { copied } from './document/fragment';
import { useKnown } from './facts';
import { FlowMenu } from './FlowMenu';
import type { Manifest } from './manifest';
import { AttentionNotice, ChangedElsewhere, RefusalNotice } from './Notices';
import { useComponents } from './palette/api';
import { SaveStateText } from './SaveStateText';
import { useSelection } from './selection';
import { useShortcuts } from './shortcuts';
import { type Refusal, StartStop } from './StartStop';
import { Workspace } from './Workspace';
import classes from './Designer.module.css';

const NO_MANIFESTS: Map<string, Manifest> = new Map();

export function Designer({ stored }: { stored: StoredFlow }) {
  const editor = useEditor(stored);
  const palette = useComponents();
  const manifests = palette.data?.manifests ?? NO_MANIFESTS;
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const selection = useSelection();
  const canvas = useRef<HTMLDivElement>(null);
  const canvasRect = useCallback(() => canvas.current?.getBoundingClientRect(), []);
  const actions = useActions(editor.change, selection, manifests, canvasRect);
  const { name, flow: components } = editor.edited;
  const known = useKnown(stored, components, palette, refusal);
  const counts = useCounts(stored);
  const { may, readOnly } = useRights(stored);
  const document = useMemo(() => ({ ...stored, name, flow: components }), [stored, name, components]);
  const place = { components, manifests };
  useShortcuts({
    undo: editor.undo,
    redo: editor.redo,
    selectAll: () => selection.select(new Set(Object.keys(components))),
    duplicate: () => actions.duplicate(components, selection.selected),
    copy: () => (selection.selected.size === 0 ? '' : copied(components, selection.selected)),
    remove: () => actions.remove([...selection.selected]),
    paste: actions.paste,
    readOnly,
  });
  return (
    <Page
      title={name === '' ? 'Flow without a name' : name}
      about={<About stored={stored} editor={editor} mayChange={may.change} />}
      actions={
        <>
          {(stored.stage === 'running' ? may.stop : may.start) && <StartStop flow={stored} flush={editor.flush} refused={setRefusal} />}
          <FlowMenu flowId={stored.flowId} name={name} readOnly={readOnly} rename={to => editor.change(edited => ({ ...edited, name: to }))} />
        </>
      }
    >
      <div className={classes.page}>
        {stored.attention !== undefined && <AttentionNotice attention={stored.attention} {...place} />}
        {refusal !== null && <RefusalNotice refusal={refusal} problems={known.refusedFor} {...place} />}
        {editor.save.word === 'changed-elsewhere' && (
          <ChangedElsewhere load={() => editor.load(stored)} overwrite={() => void editor.flush({ overwrite: true }).catch(() => {})} />
        )}
        <Workspace
          document={document}
          editor={editor}
          actions={actions}
          selection={selection}
          palette={palette}
          known={known}
          counts={counts}
          readOnly={readOnly}
          canvas={canvas}
        />
      </div>
    </Page>
  );
}

function About({ stored, editor, mayChange }: { stored: StoredFlow; editor: Editor; mayChange: boolean }) {
  const running = stored.stage === 'running';
  return (
    <Group gap="xs" component="span">
      <Badge color={running ? 'green' : 'gray'} variant="outline" tt="none">
        {running ? 'Running' : stored.stage === 'stopped' ? 'Stopped' : stored.stage}
      </Badge>
      {!mayChange ? (
        <Text size="sm" component="span">
          You may look at this flow, not change it.
        </Text>
      ) : running ? (
        <Text size="sm" component="span">
          Stop it to change it.
        </Text>
      ) : (
        <SaveStateText save={editor.save} retry={() => void editor.flush().catch(() => {})} />
      )}
    </Group>
  );
}

/** Owners and administrators may do all; others what the flow is shared with them for. The server decides in the end. */
function useRights({ userId, stage, sharedWith = [] }: StoredFlow) {
  const admin = useIsAdmin();
  const all = useSession().session?.id === userId || admin;
  const shared = (permission: string) => all || sharedWith.some(({ permissions = [] }) => permissions.includes(permission));
  return { may: { change: all, start: shared('start'), stop: shared('stop') }, readOnly: !all || stage !== 'stopped' };
}
