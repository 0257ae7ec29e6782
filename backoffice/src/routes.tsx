// Every page and its address below /backoffice/. Each is a chunk of its own that loads when it is first shown.
import { type ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import { expectCatalogue } from './connectors/api';
import { AdminOnly } from './frame/AdminOnly';
import { Frame } from './frame/Frame';
import { NotFound, PageFailed } from './frame/Lost';
import { Start } from './frame/Start';

/** `expect`: asks for what the page shows first while its chunk loads. */
const page = (path: string, load: () => Promise<{ default: ComponentType }>, expect?: () => void) => ({
  path,
  errorElement: <PageFailed />,
  lazy: async () => ({ Component: (await load()).default }),
  ...(expect !== undefined && { loader: () => (expect(), null), shouldRevalidate: () => false }),
});

export const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      errorElement: <PageFailed />,
      hydrateFallbackElement: <></>,
      children: [
        { index: true, element: <Start /> },
        page('inbox', () => import('./owner/InboxPage')),
        page('flows', () => import('./flows/FlowsPage')),
        page('flows/:flowId', () => import('./designer/DesignerPage')),
        page('flows/:flowId/versions', () => import('./flows/VersionsPage')),
        page('unprocessed', () => import('./unprocessed/UnprocessedPage')),
        page('insights', () => import('./insights/InsightsPage')),
        {
          element: <AdminOnly />,
          children: [
            page('connectors', () => import('./connectors/CataloguePage'), expectCatalogue),
            page('connectors/upload', () => import('./connectors/UploadPage')),
            page('connectors/:name', () => import('./connectors/ConnectorPage')),
            page('connectors/:name/review', () => import('./updates/ReviewPage')),
            page('updates', () => import('./updates/UpdatesPage')),
            page('activity', () => import('./updates/ActivityPage')),
            page('operations/:ticket', () => import('./updates/OperationPage')),
            page('system/acl', () => import('./system/AclPage')),
            page('system/webhooks', () => import('./system/WebhooksPage')),
            page('system/configuration', () => import('./system/ConfigurationPage')),
            page('system/users', () => import('./system/UsersPage')),
            page('system/quotas', () => import('./system/QuotasPage')),
            page('system/catalogue', () => import('./system/CatalogueSourcesPage')),
            page('system/audit', () => import('./system/AuditPage')),
            page('system/health', () => import('./system/HealthPage')),
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
  { basename: '/backoffice' },
);
