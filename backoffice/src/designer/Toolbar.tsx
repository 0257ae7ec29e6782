import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconLayoutDistributeVertical, IconLayoutSidebar, IconLayoutSidebarRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  readOnly: boolean;
  canUndo: boolean;
  canRedo: boolean;
  undo: () => void;
  redo: () => void;
  arrange: () => void;
  palette: { opened: boolean; toggle: () => void };
  panel: { opened: boolean; toggle: () => void };
  children?: ReactNode;
}

export function Toolbar({ readOnly, canUndo, canRedo, undo, redo, arrange, palette, panel, children }: Props) {
  return (
    <Group gap={6} role="toolbar" aria-label="Edit the flow" mb={6}>
      <Button
        size="compact-sm"
        variant={palette.opened ? 'light' : 'default'}
        aria-pressed={palette.opened}
        leftSection={<IconLayoutSidebar size={16} aria-hidden />}
        onClick={palette.toggle}
      >
        Components
      </Button>
      <Tool label="Undo" icon={<IconArrowBackUp size={16} aria-hidden />} disabled={readOnly || !canUndo} act={undo} />
      <Tool label="Redo" icon={<IconArrowForwardUp size={16} aria-hidden />} disabled={readOnly || !canRedo} act={redo} />
      <Tool label="Arrange" icon={<IconLayoutDistributeVertical size={16} aria-hidden />} disabled={readOnly} act={arrange} />
      <div style={{ flex: 1 }} />
      {children}
      <Button
        size="compact-sm"
        variant={panel.opened ? 'light' : 'default'}
        aria-pressed={panel.opened}
        leftSection={<IconLayoutSidebarRight size={16} aria-hidden />}
        onClick={panel.toggle}
      >
        Details
      </Button>
    </Group>
  );
}

function Tool({ label, icon, disabled, act }: { label: string; icon: ReactNode; disabled: boolean; act: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" aria-label={label} disabled={disabled} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
