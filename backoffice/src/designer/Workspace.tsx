// The palette, the canvas and the panel beside each other; where there is no room, palette and panel are drawers over it.
import { Drawer, Stack, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { Panel as CanvasPanel } from '@xyflow/react';
import { type ReactNode, type RefObject, useEffect, useMemo, useState } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Actions } from './actions';
import { Canvas } from './canvas/Canvas';
import type { Counts } from './counts';
import type { Editor } from './document/editor';
import { isConnected } from './document/edits';
import type { Known } from './facts';
import type { FlowDocument } from './flow_document';
import { ProblemList } from './Notices';
import type { Components as PaletteComponents } from './palette/api';
import { Palette } from './palette/Palette';
import { ConnectDialog } from './panel/ConnectDialog';
import { Outline, Several } from './panel/Outline';
import { Panel } from './panel/Panel';
import { plural } from './plural';
import type { Selection } from './selection';
import { Toolbar } from './Toolbar';
import classes from './Workspace.module.css';

interface Props {
  document: FlowDocument;
  editor: Editor;
  actions: Actions;
  selection: Selection;
  palette: UseQueryResult<PaletteComponents>;
  known: Known;
  counts: Counts;
  readOnly: boolean;
  canvas: RefObject<HTMLDivElement | null>;
}

const NARROW = 700;

export function Workspace(props: Props) {
  const { document, editor, actions, selection, palette, known, readOnly } = props;
  const { ref, width } = useElementSize();
  const narrow = width > 0 && width < NARROW;
  const sides = useSides(narrow, selection);
  const [connecting, setConnecting] = useState(false);
  const { single } = selection;
  const add = (manifest: Parameters<Actions['add']>[1]) => {
    actions.add(document.flow, manifest, single);
    if (narrow) {
      sides.palette.close();
    }
  };
  return (
    <div ref={ref} className={classes.workspace}>
      <Toolbar {...editor} readOnly={readOnly} arrange={actions.arrange} palette={sides.palette} panel={sides.panel} />
      <div className={classes.area}>
        <Side name="Components" position="left" drawer={narrow} {...sides.palette}>
          <Palette query={palette} readOnly={readOnly} add={add} />
        </Side>
        <TheCanvas {...props} />
        <Side name="Details" position="right" drawer={narrow} {...sides.panel}>
          <Details {...props} openConnect={() => setConnecting(true)} />
        </Side>
      </div>
      {connecting && single !== undefined && single in document.flow && (
        <ConnectDialog
          components={document.flow}
          manifests={known.facts.manifests}
          from={single}
          connect={actions.connect}
          close={() => setConnecting(false)}
        />
      )}
    </div>
  );
}

function TheCanvas({ document, actions, selection, known, counts, readOnly, canvas }: Props) {
  return (
    <div ref={canvas} className={classes.canvas} data-region tabIndex={-1} role="region" aria-label="Canvas">
      <Canvas
        components={document.flow}
        facts={known.facts}
        counts={counts}
        selected={selection.selected}
        readOnly={readOnly}
        select={selection.select}
        move={actions.move}
        connect={actions.connect}
        mayConnect={link => !isConnected(document.flow, link)}
        remove={actions.remove}
        drop={actions.drop}
      >
        {Object.keys(document.flow).length === 0 && (
          <CanvasPanel position="top-center" className={classes.hint}>
            <Text size="sm">{readOnly ? 'This flow is empty.' : 'Drag a component here, or press its Add button. A flow begins with a trigger.'}</Text>
          </CanvasPanel>
        )}
      </Canvas>
    </div>
  );
}

function Details({ document, actions, selection, known, readOnly, openConnect }: Props & { openConnect: () => void }) {
  const { single, selected } = selection;
  const { manifests, problems, attention } = known.facts;
  const shared = { readOnly, duplicate: () => actions.duplicate(document.flow, selected), remove: () => actions.remove([...selected]) };
  if (single === undefined || !(single in document.flow)) {
    return selected.size > 1 ? (
      <Several count={selected.size} {...shared} />
    ) : (
      <Stack>
        {known.problems.length > 0 && (
          <section aria-labelledby="designer-problems">
            <Text component="h2" id="designer-problems" size="md" fw={600}>
              {plural(known.problems.length, 'problem')}
            </Text>
            <ProblemList problems={known.problems} components={document.flow} manifests={manifests} />
          </section>
        )}
        <Outline components={document.flow} manifests={manifests} problems={problems} select={actions.reveal} />
      </Stack>
    );
  }
  return (
    <Panel
      key={`${single} ${selection.jump}`}
      document={document}
      componentId={single}
      manifests={manifests}
      problems={problems.get(single) ?? []}
      attention={attention.get(single) ?? []}
      focus={selection.field}
      tab={selection.tab}
      setTab={selection.setTab}
      change={component => actions.change(single, component)}
      rename={label => actions.rename(single, label)}
      openConnect={openConnect}
      disconnect={link => actions.disconnect([link])}
      select={actions.reveal}
      {...shared}
    />
  );
}

interface SideState {
  opened: boolean;
  toggle: () => void;
  close: () => void;
}

// The panel comes with a selection. As drawers, both are closed until they are asked for.
function useSides(narrow: boolean, { single, jump }: Selection): { palette: SideState; panel: SideState } {
  const [palette, setPalette] = useState(!narrow);
  const [panel, setPanel] = useState(true);
  useEffect(() => {
    setPalette(!narrow);
    setPanel(!narrow || jump > 0);
  }, [narrow]);
  useEffect(() => {
    if (single !== undefined && (!narrow || jump > 0)) {
      setPanel(true);
    }
  }, [single, jump]);
  return useMemo(() => ({ palette: side(palette, setPalette), panel: side(panel, setPanel) }), [palette, panel]);
}

const side = (opened: boolean, set: (opened: boolean) => void): SideState => ({ opened, toggle: () => set(!opened), close: () => set(false) });

interface SideProps extends SideState {
  name: string;
  position: 'left' | 'right';
  drawer: boolean;
  children: ReactNode;
}

function Side({ name, position, drawer, opened, close, children }: SideProps) {
  if (drawer) {
    return (
      <Drawer opened={opened} onClose={close} title={name} position={position} size="min(340px, 100%)" closeButtonProps={{ 'aria-label': 'Close' }}>
        {children}
      </Drawer>
    );
  }
  return opened ? (
    <div className={position === 'left' ? classes.left : classes.right} data-region tabIndex={-1} role="region" aria-label={name}>
      {children}
    </div>
  ) : null;
}
