import type { LogLine } from './irc-log.ts';

/** Somebody who speaks in a log. */
export interface Person {
  /** 0, 1, 2 … in the order in which they appear. */
  readonly index: number;
  /** The first name they had. */
  readonly nick: string;
}

/** One message of a log with who sends it. */
export interface Speech {
  readonly line: number;
  readonly person: Person;
  readonly body: string;
}

/**
 * Who says what: whoever takes a new name stays the same person, and is also meant by the old name until somebody
 * else takes it (people come back under it). Names that differ only in case are different names.
 */
export function assignPeople(lines: readonly LogLine[]): { people: Person[]; speeches: Speech[] } {
  const people: Person[] = [];
  const byNick = new Map<string, Person>();
  const personOf = (nick: string): Person => {
    let person = byNick.get(nick);
    if (person === undefined) {
      person = { index: people.length, nick };
      people.push(person);
      byNick.set(nick, person);
    }
    return person;
  };
  const speeches: Speech[] = [];
  for (const line of lines) {
    if (line.kind === 'message') {
      speeches.push({ line: line.number, person: personOf(line.nick), body: line.body });
    } else if (line.kind === 'rename') {
      byNick.set(line.to, personOf(line.from));
    }
  }
  return { people, speeches };
}
