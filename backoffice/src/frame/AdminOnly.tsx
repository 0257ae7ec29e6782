// Pages for administrators. The server refuses the data to others anyway; this says so at once, and whom to ask.
import { Outlet } from 'react-router';
import { useIsAdmin } from '../api/session';
import { Page } from '../parts/Page';
import { Empty } from '../parts/States';

export function AdminOnly() {
  return useIsAdmin() ? (
    <Outlet />
  ) : (
    <Page title="Not allowed">
      <Empty title="This page is for administrators (403)" text="Ask an administrator of your company, or sign in as another user." />
    </Page>
  );
}
