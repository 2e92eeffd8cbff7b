import type { Queryable } from '../../database/database.ts';
import type { CatalogContract, TriggerContract } from '../contract.ts';
import { oneLine } from './deparsed.ts';
import { ownSchemas } from './scope.ts';

const states: Record<string, string> = { O: 'origin', D: 'disabled', R: 'replica', A: 'always' };

/** A partition's copy of its parent's trigger is left out. */
export async function readTriggers(tx: Queryable): Promise<Record<string, TriggerContract>> {
  const rows = await tx.query<{ name: string; definition: string; enabled: string }>(`
    select t.tgname || ' on ' || n.nspname || '.' || c.relname as name,
      pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_proc as p on p.oid = t.tgfoid
    join pg_namespace as f on f.oid = p.pronamespace
    where not t.tgisinternal and t.tgparentid = 0
      and (n.nspname in ${ownSchemas} or f.nspname in ${ownSchemas})`);
  return Object.fromEntries(
    rows.map(({ name, definition, enabled }) => [
      name,
      { definition: oneLine(definition), enabled: states[enabled] ?? enabled },
    ]),
  );
}

export async function readEventTriggers(tx: Queryable): Promise<CatalogContract['event_triggers']> {
  const rows = await tx.query<{
    name: string;
    event: string;
    tags: string[];
    function: string;
    enabled: string;
  }>(`
    select e.evtname::text as name, e.evtevent::text as event, to_jsonb(coalesce(e.evttags, '{}')) as tags,
      f.nspname || '.' || p.proname as function, e.evtenabled::text as enabled
    from pg_event_trigger as e
    join pg_proc as p on p.oid = e.evtfoid
    join pg_namespace as f on f.oid = p.pronamespace
    where f.nspname in ${ownSchemas}`);
  return Object.fromEntries(
    rows.map(({ name, tags, enabled, ...rest }) => [
      name,
      { ...rest, tags: [...tags].sort(), enabled: states[enabled] ?? enabled },
    ]),
  );
}
