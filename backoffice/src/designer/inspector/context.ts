// What every field of an Inspector may need to know of the component it belongs to.
import { createContext, useContext } from 'react';
import { useSession } from '../../api/session';
import type { ComponentDescriptor, FlowDocument } from '../flow_document';
import type { Manifest } from '../manifest';
import type { Edit } from './edits';

export interface InspectorScope {
  document: FlowDocument;
  componentId: string;
  manifest: Manifest;
  /** With the edits that the page does not know yet. */
  descriptor: ComponentDescriptor;
  edit: (edit: Edit) => void;
  readOnly: boolean;
}

const Context = createContext<InspectorScope | null>(null);

export const InspectorProvider = Context.Provider;

export function useInspector(): InspectorScope {
  return useContext(Context)!;
}

/** Accounts and answers of components are the flow's owner's alone, also from administrators. */
export function useIsOwner(): boolean {
  const { document } = useInspector();
  const { session } = useSession();
  return document.userId === undefined || document.userId === session?.id;
}
