/** How long something took, many times over: milliseconds. */
export class Timings {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
  }

  get median(): number {
    return this.#quantile(0.5);
  }

  get p95(): number {
    return this.#quantile(0.95);
  }

  #quantile(share: number): number {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  }
}

/** `1.42` and whether that meets the goal, as a bench prints it. */
export function verdict(ratio: number, goal: number): string {
  return `${ratio.toFixed(2)} (goal ${goal} or less: ${ratio <= goal ? 'met' : 'MISSED'})`;
}
