import type { CatalogContract, Grants } from './contract.ts';

/** One named thing of a contract, small enough that a line can say what became of it. */
export interface Piece {
  /** `policy members_read on public.messages` */
  label: string;
  /** What may change in it, by field. */
  fields: Record<string, unknown>;
  /** The label of the piece it is part of; when that is absent or extra, this one goes without saying. */
  parent: string | null;
}

/**
 * Takes a contract apart. Labels are unique. The order of a table's columns gets lost, because a column that came with
 * a later migration stands last and is the same column.
 */
export function piecesOf(catalog: CatalogContract): Map<string, Piece> {
  const pieces = new Map<string, Piece>();
  const add = (label: string, fields: object, parent: string | null = null) => {
    pieces.set(label, { label, fields: { ...fields }, parent });
  };
  const addGrants = (grants: Grants, target: string, parent: string) => {
    for (const [role, privileges] of Object.entries(grants)) {
      for (const privilege of privileges) {
        add(`grant ${privilege} on ${target} to ${role}`, {}, parent);
      }
    }
  };
  /** Pieces that have nothing in them but fields. */
  const addAll = (kind: string, entries: Record<string, object>) => {
    for (const [name, fields] of Object.entries(entries)) add(`${kind} ${name}`, fields);
  };
  /** Pieces with grants of their own. */
  const addGranted = <Entry extends { grants: Grants }>(
    kind: string,
    entries: Record<string, Entry>,
    parentOf: (entry: Entry) => string | null = () => null,
  ) => {
    for (const [name, entry] of Object.entries(entries)) {
      const { grants, ...fields } = entry;
      add(`${kind} ${name}`, fields, parentOf(entry));
      addGrants(grants, `${kind} ${name}`, `${kind} ${name}`);
    }
  };

  addGranted('schema', catalog.schemas);
  addAll('extension', catalog.extensions);
  addGranted('function', catalog.functions);
  for (const [name, table] of Object.entries(catalog.tables)) {
    const { columns, constraints, indexes, grants, ...fields } = table;
    const label = `table ${name}`;
    add(label, fields);
    addGrants(grants, label, label);
    for (const { name: column, grants: columnGrants, ...columnFields } of columns) {
      add(`column ${name}.${column}`, columnFields, label);
      addGrants(columnGrants, `column ${name}.${column}`, `column ${name}.${column}`);
    }
    for (const [constraint, definition] of Object.entries(constraints)) {
      add(`constraint ${constraint} on ${name}`, { definition }, label);
    }
    for (const [index, definition] of Object.entries(indexes)) {
      add(`index ${index} on ${name}`, { definition }, label);
    }
  }
  addGranted('type', catalog.types);
  // A column's own sequence comes and goes with the column.
  addGranted('sequence', catalog.sequences, ({ owned_by }) =>
    owned_by === null ? null : `column ${owned_by}`,
  );
  for (const [kind, entries] of [
    ['policy', catalog.policies],
    ['trigger', catalog.triggers],
  ] as const) {
    for (const [name, fields] of Object.entries(entries)) {
      add(`${kind} ${name}`, fields, `table ${name.slice(name.lastIndexOf(' on ') + 4)}`);
    }
  }
  addAll('event trigger', catalog.event_triggers);
  addAll('platform table', catalog.platform_tables);
  addAll('topic', catalog.topics);
  addAll('event', catalog.events);
  addAll('permission', catalog.permissions);
  addAll('rate limit', catalog.rate_limits);
  addAll('job', catalog.jobs);
  return pieces;
}
