/** The schemas whose every object is Guildhall's. */
export const ownSchemas = `('public', 'private')`;

/** SQL that is true unless an extension brought the object. */
export function notOfAnExtension(catalog: string, oid: string): string {
  return `not exists (
    select from pg_depend as member
    where member.classid = '${catalog}'::regclass and member.objid = ${oid} and member.deptype = 'e'
  )`;
}

/** SQL for an owner's name; null for the owner of the private schema, which is whoever applied the migrations. */
export function foreignOwner(owner: string): string {
  return `case when exists (select from pg_namespace where nspname = 'private' and nspowner = ${owner})
    then null else pg_get_userbyid(${owner})::text end`;
}
