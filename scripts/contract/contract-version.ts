import { canonicalJson, sha256 } from './canonical-json.ts';
import type { CatalogContract } from './contract.ts';
import { piecesOf } from './pieces.ts';

/** sha256, in hex, of all pieces: two databases have the same version exactly when comparing them finds nothing. */
export function contractVersion(catalog: CatalogContract): string {
  const pieces = [...piecesOf(catalog).values()].map(({ label, fields }) => [label, fields]);
  return sha256(canonicalJson(Object.fromEntries(pieces)));
}
