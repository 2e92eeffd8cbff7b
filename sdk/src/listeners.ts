/** Who wants to hear of each change of something. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Calls it after every change, until the function that this returns is called. Added twice, it is called twice and ended once each. */
  add(listener: () => void): () => void {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  clear(): void {
    this.#listeners.clear();
  }

  /** Something has changed. */
  tell(): void {
    for (const listener of [...this.#listeners]) {
      // One before it may have ended it.
      if (!this.#listeners.has(listener)) continue;
      try {
        listener();
      } catch (error) {
        // A listener's fault must neither stop the others nor vanish.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
