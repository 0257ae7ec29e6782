// What keeps a flow from starting, as the server's validation says it.

export interface Problem {
  componentId: string;
  /** "properties/subject" or "in/subject"; empty: the component as a whole. */
  field: string;
  message: string;
}
