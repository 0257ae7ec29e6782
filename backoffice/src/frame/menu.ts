// The left menu: what is where, and for whom.
import {
  IconActivity,
  IconAdjustments,
  IconArrowUpCircle,
  IconBook2,
  IconChartLine,
  IconGauge,
  IconHeartbeat,
  IconHistory,
  IconInbox,
  IconLockAccess,
  IconMailExclamation,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useInboxCount } from '../owner/api';

export interface MenuEntry {
  label: string;
  to: string;
  icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  adminOnly?: boolean;
  entries?: MenuEntry[];
  /** How many things wait there; none are not shown. */
  useCount?: () => number | undefined;
}

export const MENU: MenuEntry[] = [
  { label: 'Connectors', to: '/connectors', icon: IconPlugConnected, adminOnly: true },
  { label: 'Updates', to: '/updates', icon: IconArrowUpCircle, adminOnly: true },
  { label: 'Inbox', to: '/inbox', icon: IconInbox, useCount: useInboxCount },
  { label: 'Flows', to: '/flows', icon: IconRoute },
  { label: 'Unprocessed messages', to: '/unprocessed', icon: IconMailExclamation },
  { label: 'Insights', to: '/insights', icon: IconChartLine },
  { label: 'Activity', to: '/activity', icon: IconActivity, adminOnly: true },
  {
    label: 'System',
    to: '/system',
    icon: IconSettings,
    adminOnly: true,
    entries: [
      { label: 'ACL', to: '/system/acl', icon: IconLockAccess },
      { label: 'System Webhooks', to: '/system/webhooks', icon: IconWebhook },
      { label: 'Configuration', to: '/system/configuration', icon: IconAdjustments },
      { label: 'Users', to: '/system/users', icon: IconUsers },
      { label: 'Quotas', to: '/system/quotas', icon: IconGauge },
      { label: 'Catalogue sources', to: '/system/catalogue', icon: IconBook2 },
      { label: 'Audit', to: '/system/audit', icon: IconHistory },
      { label: 'Health', to: '/system/health', icon: IconHeartbeat },
    ],
  },
];
