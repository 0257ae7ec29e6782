import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Connector } from '../connectors/api';
import { usePlan } from './api';
import { reviewAddress } from './begin';
import { RollbackDialog } from './RollbackDialog';
import type { Operation } from './types';

export function MoreActions({ connector, begun }: { connector: Connector; begun: (operation: Operation) => void }) {
  const [opened, { open, close }] = useDisclosure();
  // There is one that can be taken back where the server has a plan for it. Asked before the menu opens, whose first item it is.
  const last = usePlan(connector.name, { action: 'rollback' });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={`More actions on ${connector.label}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {last.isSuccess && <Menu.Item onClick={open}>Roll back the last operation</Menu.Item>}
          <Menu.Item component={Link} to={reviewAddress(connector.name)}>
            Install another version
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RollbackDialog name={connector.name} label={connector.label} opened={opened} close={close} begun={begun} />
    </>
  );
}
