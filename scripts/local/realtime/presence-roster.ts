import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from './protocol.ts';

/** One member's presence under its key, with the reference clients tell entries apart by. */
type Meta = JsonObject & { phx_ref: string; phx_ref_prev?: string };

/** Keys to what is (or was) tracked under them. */
type Presences = Record<string, { metas: Meta[] }>;

export interface PresenceDiff extends JsonObject {
  joins: Presences;
  leaves: Presences;
}

interface Entry {
  key: string;
  payload: JsonObject;
  meta: Meta;
}

/** Who is present on one topic. A member has one entry; several members may share a key. */
export class PresenceRoster<Member extends object> {
  readonly #entries = new Map<Member, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** Adds or replaces the member's entry; null when nothing changed. */
  track(member: Member, key: string, payload: JsonObject): PresenceDiff | null {
    const before = this.#entries.get(member);
    if (before !== undefined && isDeepStrictEqual(before.payload, payload)) return null;
    const meta: Meta = { ...payload, phx_ref: randomBytes(9).toString('base64url') };
    if (before !== undefined) meta.phx_ref_prev = before.meta.phx_ref;
    this.#entries.set(member, { key, payload, meta });
    return {
      joins: presences([[key, meta]]),
      leaves: presences(before === undefined ? [] : [[before.key, before.meta]]),
    };
  }

  /** Takes the member's entry away; null when it has none. */
  untrack(member: Member): PresenceDiff | null {
    const entry = this.#entries.get(member);
    if (entry === undefined) return null;
    this.#entries.delete(member);
    return { joins: {}, leaves: presences([[entry.key, entry.meta]]) };
  }

  state(): Presences {
    return presences([...this.#entries.values()].map(({ key, meta }) => [key, meta]));
  }
}

function presences(entries: [string, Meta][]): Presences {
  const byKey = new Map<string, { metas: Meta[] }>();
  for (const [key, meta] of entries) {
    const sameKey = byKey.get(key);
    if (sameKey === undefined) byKey.set(key, { metas: [meta] });
    else sameKey.metas.push(meta);
  }
  return Object.fromEntries(byKey);
}
