/** What counts of one message when two accounts of a channel are compared. */
export interface TranscriptEntry {
  readonly seq: number;
  readonly authorId: string | null;
  readonly body: string;
  readonly replyToSeq: number | null;
}

export interface Transcript {
  readonly name: string;
  readonly entries: readonly TranscriptEntry[];
}

interface MessageLike {
  readonly seq: number;
  readonly author_id: string | null;
  readonly body: string;
  readonly reply_to_seq: number | null;
}

export function transcriptOf(name: string, messages: readonly MessageLike[]): Transcript {
  const entries = messages.map((message) => ({
    seq: message.seq,
    authorId: message.author_id,
    body: message.body,
    replyToSeq: message.reply_to_seq,
  }));
  return { name, entries };
}

/**
 * Where a transcript first departs from what was said, as a sentence; null when it does not: the same messages in the
 * same order, byte for byte, numbered 1, 2, 3 … without a gap or a double.
 */
export function firstDifference(
  said: readonly TranscriptEntry[],
  { name, entries }: Transcript,
): string | null {
  const length = Math.max(said.length, entries.length);
  for (let index = 0; index < length; index += 1) {
    const place = `${name}: message ${index + 1} of ${said.length}`;
    const [wanted, found] = [said[index], entries[index]];
    if (found === undefined) return `${place} is missing`;
    if (wanted === undefined) return `${place} was never sent: ${JSON.stringify(found)}`;
    if (found.seq !== index + 1) return `${place} has seq ${found.seq}`;
    if (Buffer.compare(Buffer.from(found.body), Buffer.from(wanted.body)) !== 0) {
      return `${place} reads ${JSON.stringify(found.body)} instead of ${JSON.stringify(wanted.body)}`;
    }
    if (found.authorId !== wanted.authorId) {
      return `${place} is by ${found.authorId} instead of ${wanted.authorId}`;
    }
    if (found.replyToSeq !== wanted.replyToSeq) {
      return `${place} answers ${found.replyToSeq} instead of ${wanted.replyToSeq}`;
    }
  }
  return null;
}
