// Keeps a flow at the server as it is on the screen: a moment after each change, one save at a time, the newest wins.
//
// The server takes whatever is sent; so that nobody's work is lost unseen, a save first asks whether the flow is still as it was
// when it was loaded or last saved here. If it is not, nothing is sent until the person has chosen.
import { textOf } from '../../parts/States';
import { type Edited, fetchChanged, saveFlow } from '../api';

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
      if (!overwrite && (await fetchChanged(this.flowId)).mtime !== this.mtime) {
        this.#tell({ word: 'changed-elsewhere' });
        return;
      }
      await saveFlow(this.flowId, edited);
      this.mtime = (await fetchChanged(this.flowId)).mtime;
      this.#done(edited);
    } catch (error) {
      this.#tell({ word: 'failed', why: textOf(error) });
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
