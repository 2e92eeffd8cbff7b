import { Refusal } from '../_shared/refusal.ts';

/**
 * The other id of a thread: it is named by both, in byte order, joined with `_`. Which of the two the caller is, and whether they
 * are any of them, the database knows.
 */
export function senderOf(threadId: string, recipientId: string): string {
  const candidates = [
    threadId.startsWith(`${recipientId}_`) ? threadId.slice(recipientId.length + 1) : null,
    threadId.endsWith(`_${recipientId}`) ? threadId.slice(0, -recipientId.length - 1) : null,
  ];
  const sender = candidates.find(
    (candidate) => candidate !== null && threadIdOf(candidate, recipientId) === threadId,
  );
  if (sender) return sender;
  throw new Refusal(404, 'not_found', 'There is no such thread.');
}

function threadIdOf(one: string, other: string): string {
  return comparesBytewise(one, other) <= 0 ? `${one}_${other}` : `${other}_${one}`;
}

function comparesBytewise(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => new TextEncoder().encode(text));
  if (left === undefined || right === undefined) return 0;
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}
