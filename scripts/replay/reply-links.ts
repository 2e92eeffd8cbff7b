import type { LogLine } from './irc-log.ts';

export interface ReplyLinks {
  /** The number of a line to the number of the line it answers. */
  readonly links: ReadonlyMap<number, number>;
  /** Why links were left out, with how many each. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/**
 * Reads a file of annotations, a link a line: `998 1000 -` says that line 1000 of the log answers line 998. A line
 * linked to itself opens a conversation and is no answer. A message answers one message: of several the nearest.
 */
export function readReplyLinks(text: string, lines: readonly LogLine[]): ReplyLinks {
  const links = new Map<number, number>();
  const leftOut = new Map<string, number>();
  const leaveOut = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (const row of text.split('\n')) {
    if (row.trim() === '') continue;
    const [, first, second] = /^\s*(\d+)\s+(\d+)\s+-\s*$/.exec(row) ?? [];
    if (first === undefined || second === undefined) {
      leaveOut('cannot be read');
      continue;
    }
    const [target, answer] = [Number(first), Number(second)];
    if (target === answer) continue;
    const known = links.get(answer);
    if (lines[answer]?.kind !== 'message') leaveOut('the answer is no message of the log');
    else if (lines[target]?.kind !== 'message')
      leaveOut('what it answers is no message of the log');
    else if (target > answer) leaveOut('what it answers comes later');
    else {
      if (known !== undefined) leaveOut('the same message answers a nearer one too');
      links.set(answer, Math.max(known ?? 0, target));
    }
  }
  return { links, leftOut };
}
