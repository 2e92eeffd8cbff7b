/** Prints where a long run is, at most one line a second. */
export class Progress {
  readonly #print: (line: string) => void;
  #printedAt = Number.NEGATIVE_INFINITY;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Prints this line unless one was printed within the last second. */
  tick(line: () => string): void {
    const now = performance.now();
    if (now - this.#printedAt < 1_000) return;
    this.#printedAt = now;
    this.#print(line());
  }

  /** Prints this line in any case. */
  say(line: string): void {
    this.#printedAt = performance.now();
    this.#print(line);
  }
}
