// What stays while pages change: menu, who is signed in, light or dark, live updates.
import { ActionIcon, AppShell, Badge, Burger, Group, Menu, NavLink, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useLiveQueries } from '../api/live';
import { endSession, useIsAdmin, useSession } from '../api/session';
import { Loading } from '../parts/States';
import { MENU, type MenuEntry } from './menu';
import { SignIn } from './SignIn';

export function Frame() {
  const { session } = useSession();
  useLiveQueries();
  return session === null ? <SignIn /> : <SignedIn username={session.username} />;
}

function SignedIn({ username }: { username: string }) {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
            <Text component={Link} to="/" fw={700} c="inherit" td="none">
              Patchbay
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorSchemeButton />
            <UserMenu username={username} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main menu" style={{ overflowY: 'auto' }}>
        <MenuEntries />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className="no-outline">
        <Suspense fallback={<Loading what="the page" />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function MenuEntries() {
  const admin = useIsAdmin();
  return MENU.filter(entry => admin || !entry.adminOnly).map(entry => <Entry key={entry.to} entry={entry} />);
}

function Entry({ entry }: { entry: MenuEntry }) {
  const { pathname } = useLocation();
  const inside = pathname === entry.to || pathname.startsWith(`${entry.to}/`);
  const shared = { label: entry.label, leftSection: <entry.icon size={18} aria-hidden /> };
  if (entry.entries !== undefined) {
    return (
      <NavLink component="button" type="button" {...shared} defaultOpened={inside}>
        {entry.entries.map(inner => (
          <Entry key={inner.to} entry={inner} />
        ))}
      </NavLink>
    );
  }
  return (
    <NavLink
      component={Link}
      to={entry.to}
      {...shared}
      active={inside}
      aria-current={inside ? 'page' : undefined}
      rightSection={entry.useCount && <Waiting useCount={entry.useCount} />}
    />
  );
}

function Waiting({ useCount }: { useCount: () => number | undefined }) {
  const count = useCount() ?? 0;
  return count === 0 ? null : (
    <Badge size="sm" variant="default">
      {count}
      <span className="only-spoken"> waiting</span>
    </Badge>
  );
}

function ColorSchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const next = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  const label = `Switch to ${next} colours`;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={() => setColorScheme(next)}>
        {next === 'dark' ? <IconMoon size={18} aria-hidden /> : <IconSun size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu({ username }: { username: string }) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Signed in as ${username}`}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{username}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => endSession()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
