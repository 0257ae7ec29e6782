// Keeps a flow at the server as it is on the screen: a moment after each change, one save at a time, the newest wins.
//
// So that nobody's work is lost unseen, a save names the state of the flow that it was made from: loaded, or last saved here. Where the
// server has another one it refuses, and nothing is sent until the person has chosen.
import { ApiError } from '../../api/call';
import { textOf } from '../../parts/States';
import { type Edited, saveFlow } from '../api';

export type SaveState = { word: 'saved' | 'waiting' | 'saving' | 'changed-elsewhere' } | { word: 'failed'; why: string };

const QUIET_MS = 600;

export class FlowSaver {
  #state: SaveState = { word: 'saved' };
  #unsaved: Edited | null = null;
  #known: Edited;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  /** `mtime`: of the flow as it was loaded. `saved`: told after each save. */
  constructor(
    private readonly flowId: string,
    public mtime: string,
    loaded: Edited,
    private readonly saved: () => void,
  ) {
    this.#known = loaded;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = () => this.#state;

  /** What the flow is to be from now on. */
  keep(edited: Edited): void {
    if (edited === this.#known) {
      return;
    }
    this.#known = edited;
    this.#unsaved = edited;
    if (this.#state.word !== 'changed-elsewhere') {
      this.#tell({ word: 'waiting' });
      this.#later();
    }
  }

  /** The flow was loaded again: nothing here is newer. */
  reset(mtime: string, loaded: Edited): void {
    clearTimeout(this.#timer);
    this.mtime = mtime;
    this.#known = loaded;
    this.#unsaved = null;
    this.#tell({ word: 'saved' });
  }

  /** Saves now what is not yet saved. Throws why it could not. */
  async flush({ overwrite = false } = {}): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (this.#unsaved !== null) {
      this.#saving = this.#save(overwrite);
      await this.#saving;
    }
    if (this.#state.word === 'failed') {
      throw new Error(`The flow could not be saved: ${this.#state.why}`);
    }
    if (this.#state.word === 'changed-elsewhere') {
      throw new Error('The flow was changed elsewhere. Choose which of the two to keep.');
    }
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush().catch(() => {}), QUIET_MS);
  }

  async #save(overwrite: boolean): Promise<void> {
    const edited = this.#unsaved!;
    this.#tell({ word: 'saving' });
    try {
      this.mtime = (await saveFlow(this.flowId, edited, overwrite ? null : this.mtime)).mtime;
      this.#done(edited);
    } catch (error) {
      const isChanged = error instanceof ApiError && error.status === 412;
      this.#tell(isChanged ? { word: 'changed-elsewhere' } : { word: 'failed', why: textOf(error) });
    } finally {
      this.#saving = null;
    }
  }

  #done(edited: Edited): void {
    if (this.#unsaved === edited) {
      this.#unsaved = null;
      this.#tell({ word: 'saved' });
    } else {
      this.#tell({ word: 'waiting' });
      this.#later();
    }
    this.saved();
  }

  #tell(state: SaveState): void {
    this.#state = state;
    this.#listeners.forEach(listener => listener());
  }
}
