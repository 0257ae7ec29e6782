import { ReactFlowProvider } from '@xyflow/react';
import { useParams } from 'react-router';
import { Page } from '../parts/Page';
import { Loaded } from '../parts/States';
import { useFlow } from './api';
import { Designer } from './Designer';

export default function DesignerPage() {
  const { flowId = '' } = useParams();
  const query = useFlow(flowId);
  if (query.data === undefined) {
    return (
      <Page title="Designer">
        <Loaded query={query} what="the flow">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return (
    <ReactFlowProvider key={flowId}>
      <Loaded query={query} what="the flow">
        {stored => <Designer stored={stored} />}
      </Loaded>
    </ReactFlowProvider>
  );
}
