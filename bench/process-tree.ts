import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  pid: number;
  name: string;
  residentMb: number;
}

/** A process and everything it has started, with the memory each holds, from /proc. Shared pages count for each. */
function processTree(rootPid: number): ProcessMemory[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(field(pid, 'PPid'));
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: ProcessMemory[] = [];
  const visit = (pid: number) => {
    const kilobytes = Number.parseInt(field(pid, 'VmRSS'), 10);
    // A process that ends meanwhile has no memory left to tell of.
    if (Number.isFinite(kilobytes)) {
      found.push({ pid, name: commandOf(pid), residentMb: kilobytes / 1024 });
    }
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(rootPid);
  return found;
}

function field(pid: number, name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? '';
}

/** The program and the first argument that says what it runs. */
function commandOf(pid: number): string {
  const [program = '', ...args] = read(`/proc/${pid}/cmdline`).split('\0');
  const script =
    args.find((arg) => arg.endsWith('.ts')) ?? args.find((arg) => /\.[cm]?js$/.test(arg));
  return [program, script ?? args[0] ?? '']
    .map((path) => path.split('/').at(-1))
    .join(' ')
    .trim();
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Watches a process tree and keeps its highest moment. */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #peak: ProcessMemory[] = [];

  constructor(rootPid: number, intervalMs = 250) {
    this.#timer = setInterval(() => {
      const tree = processTree(rootPid);
      if (totalMb(tree) > totalMb(this.#peak)) this.#peak = tree;
    }, intervalMs);
  }

  /** Ends the watch; returns the tree as it was when it held most. */
  stop(): ProcessMemory[] {
    clearInterval(this.#timer);
    return this.#peak;
  }
}

export function totalMb(tree: readonly ProcessMemory[]): number {
  return tree.reduce((sum, { residentMb }) => sum + residentMb, 0);
}
