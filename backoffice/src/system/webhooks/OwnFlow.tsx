import { Select } from '@mantine/core';
import { notDone } from '../../parts/notify';
import { useWebhookFlows, webhookAddresses } from './api';

/** Adds the address of a Webhook trigger in a flow of one's own. */
export function OwnFlow({ title, add }: { title: string; add: (urls: string[]) => void }) {
  const flows = useWebhookFlows();
  const choose = async (flowId: string | null) => {
    const flow = flows.data?.find(one => one.flowId === flowId);
    if (flow === undefined) {
      return;
    }
    try {
      add(await webhookAddresses(flow));
    } catch (error) {
      notDone('The address of that flow was not found.', error);
    }
  };
  if (flows.data === undefined || flows.data.length === 0) {
    return null;
  }
  return (
    <Select
      label={`Add a Webhook of one of your flows to “${title}”`}
      placeholder="Choose a flow"
      searchable
      value={null}
      data={flows.data.map(({ flowId, flowName }) => ({ value: flowId, label: flowName || flowId }))}
      onChange={flowId => void choose(flowId)}
    />
  );
}
