/** Counts calls in fixed windows of time: the first call opens a window, and the count starts anew once it is over. */
export class CallWindow {
  readonly #maximum: number;
  readonly #windowMs: number;
  #calls = 0;
  #endsAt = 0;

  constructor(maximum: number, windowMs: number) {
    this.#maximum = maximum;
    this.#windowMs = windowMs;
  }

  /** True when this call still fits. */
  admits(): boolean {
    const now = performance.now();
    if (now >= this.#endsAt) {
      this.#endsAt = now + this.#windowMs;
      this.#calls = 0;
    }
    this.#calls += 1;
    return this.#calls <= this.#maximum;
  }
}
