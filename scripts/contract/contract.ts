/** What a database exposes, in a form that two databases can be compared by. Everything is sorted and qualified. */

/** Role (`public`, `anon`, `authenticated`, `service_role`) to its privileges. */
export type Grants = Record<string, string[]>;

export interface ArgumentContract {
  name: string | null;
  type: string;
  /** Only when it is not a plain input: `out`, `inout` or `variadic`. */
  mode?: 'out' | 'inout' | 'variadic';
  /** The default's SQL; absent when the argument is required. */
  default?: string;
}

export interface ReturnsContract {
  /** How a caller receives it: one object, an array, one value, nothing; `trigger` cannot be called. */
  kind: 'row' | 'rows' | 'scalar' | 'void' | 'trigger';
  type: string;
  /** Of RETURNS TABLE and OUT arguments. A named row type's columns stand with its table or type. */
  columns?: { name: string; type: string }[];
}

export interface FunctionContract {
  schema: string;
  name: string;
  kind: 'function' | 'procedure' | 'aggregate' | 'window';
  arguments: ArgumentContract[];
  returns: ReturnsContract;
  language: string;
  volatility: 'immutable' | 'stable' | 'volatile';
  security: 'invoker' | 'definer';
  strict: boolean;
  leakproof: boolean;
  parallel: 'safe' | 'restricted' | 'unsafe';
  /** The function's own settings, such as search_path; `""` is the empty one. */
  settings: Record<string, string>;
  /** Null when it belongs to the owner of the private schema, the migration role. */
  foreign_owner: string | null;
  grants: Grants;
  comment: string | null;
  /** The codes of the comment's `@errors` lines, sorted. */
  errors: string[];
  /** Of the comment's `@idempotent` line: `always`, the argument it depends on, or null. */
  idempotent: string | null;
  /** sha256 of the body without differences in line ends and outer white space. */
  body: string;
}

export interface ColumnContract {
  name: string;
  type: string;
  not_null: boolean;
  default: string | null;
  identity: 'always' | 'by default' | null;
  /** Whether `default` is the expression of a generated column. */
  generated: boolean;
  collation: string | null;
  comment: string | null;
  grants: Grants;
}

export interface TableContract {
  kind:
    | 'table'
    | 'partitioned table'
    | 'partition'
    | 'view'
    | 'materialized view'
    | 'foreign table';
  persistence: 'logged' | 'unlogged';
  row_level_security: 'off' | 'on' | 'forced';
  /** Whether supabase_realtime publishes it to `postgres_changes`. */
  published: boolean;
  partition_key: string | null;
  options: string[];
  definition: string | null;
  foreign_owner: string | null;
  comment: string | null;
  /** In the table's order. */
  columns: ColumnContract[];
  constraints: Record<string, string>;
  /** Those that do not back a constraint. */
  indexes: Record<string, string>;
  grants: Grants;
}

export interface PolicyContract {
  command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
}

export interface TriggerContract {
  definition: string;
  enabled: string;
}

export interface TypeContract {
  kind: 'enum' | 'composite' | 'domain' | 'range';
  values: string[];
  columns: { name: string; type: string; comment: string | null }[];
  base: string | null;
  not_null: boolean;
  default: string | null;
  constraints: Record<string, string>;
  comment: string | null;
  grants: Grants;
}

export interface SequenceContract {
  type: string;
  increment: string;
  owned_by: string | null;
  grants: Grants;
}

export interface SchemaContract {
  comment: string | null;
  grants: Grants;
}

export interface JobContract {
  schedule: string;
  command: string;
  active: boolean;
}

/** A row of one of Guildhall's own catalog tables, as the table has it. */
export type CatalogRow = Record<string, unknown>;

/** Everything the catalog of a live database says. */
export interface CatalogContract {
  schemas: Record<string, SchemaContract>;
  /** Extensions that put their objects into public or private. */
  extensions: Record<string, { schema: string }>;
  /** By signature: `public.send_message(uuid, text)`. */
  functions: Record<string, FunctionContract>;
  tables: Record<string, TableContract>;
  types: Record<string, TypeContract>;
  sequences: Record<string, SequenceContract>;
  /** By `<policy> on <table>`, the platform's tables in realtime and storage included. */
  policies: Record<string, PolicyContract>;
  /** By `<trigger> on <table>`: on our tables, and our functions on the platform's tables. */
  triggers: Record<string, TriggerContract>;
  event_triggers: Record<
    string,
    { event: string; tags: string[]; function: string; enabled: string }
  >;
  /** Row-level security of the platform's tables that our policies rely on. */
  platform_tables: Record<string, { row_level_security: 'off' | 'on' | 'forced' }>;
  /** Rows of private.topics by prefix. */
  topics: Record<string, CatalogRow>;
  /** Rows of private.topic_events by `<prefix> <event>`. */
  events: Record<string, CatalogRow>;
  permissions: Record<string, CatalogRow>;
  rate_limits: Record<string, CatalogRow>;
  /** Cron jobs whose names start with `guildhall:`. */
  jobs: Record<string, JobContract>;
}

/** Which domain's folder creates an object. Known from the sources, not from a live database. */
export interface ContractDomains {
  functions: Record<string, string>;
  tables: Record<string, string>;
  types: Record<string, string>;
}

/** supabase/contract.json. */
export interface Contract extends CatalogContract {
  /** sha256 of everything that a live database shows; see contract-version.ts. */
  version: string;
  domains: ContractDomains;
}
