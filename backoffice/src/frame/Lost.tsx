import { Button } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { Page } from '../parts/Page';
import { Empty, Failed } from '../parts/States';

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is no such page" text="The link may be old.">
        <Button component={Link} to="/">
          To the start
        </Button>
      </Empty>
    </Page>
  );
}

/** What a page threw while it was drawn. The rest of the Backoffice stays usable. */
export function PageFailed() {
  return (
    <Page title="This page failed">
      <Failed what="The page could not be shown. Nothing was changed." error={useRouteError()} retry={() => window.location.reload()} />
    </Page>
  );
}
