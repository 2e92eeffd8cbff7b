import type { Grants } from '../contract.ts';

const clientRoles = ['anon', 'authenticated', 'service_role'] as const;

/** One entry of an ACL, as grantsSql returns it. */
interface AclEntry {
  role: string;
  privilege: string;
  grantable: boolean;
}

/**
 * SQL for the entries of an ACL that go to PUBLIC or one of the client roles, as a JSON array.
 * @param acl an expression of type aclitem[]
 */
export function grantsSql(acl: string): string {
  return `(
    select coalesce(jsonb_agg(jsonb_build_object(
      'role', case when entry.grantee = 0 then 'public' else grantee.rolname end,
      'privilege', lower(entry.privilege_type),
      'grantable', entry.is_grantable)), '[]')
    from aclexplode(${acl}) as entry
    left join pg_roles as grantee on grantee.oid = entry.grantee
    where entry.grantee = 0 or grantee.rolname in (${clientRoles.map((role) => `'${role}'`).join(', ')})
  )`;
}

const allBeforeMaintain = [
  'delete',
  'insert',
  'references',
  'select',
  'trigger',
  'truncate',
  'update',
];

/**
 * Role to sorted privileges. PostgreSQL 17 added MAINTAIN to what `grant all on table` gives, so beside all the others
 * it says nothing and is left out; alone it was granted on purpose and stays.
 */
export function grantsOf(entries: AclEntry[]): Grants {
  const byRole = new Map<string, Map<string, boolean>>();
  for (const { role, privilege, grantable } of entries) {
    const privileges = byRole.get(role) ?? new Map<string, boolean>();
    privileges.set(privilege, grantable || (privileges.get(privilege) ?? false));
    byRole.set(role, privileges);
  }
  return Object.fromEntries(
    [...byRole].map(([role, privileges]) => {
      if (allBeforeMaintain.every((privilege) => privileges.has(privilege))) {
        privileges.delete('maintain');
      }
      const names = [...privileges].map(([name, grantable]) =>
        grantable ? `${name} with grant option` : name,
      );
      return [role, names.sort()];
    }),
  );
}
