import type { Database } from '../../database/database.ts';
import type { Authorization } from './authorization.ts';
import type { Credentials } from './credentials.ts';
import type { RelayLimits } from './limits.ts';
import type { Topics } from './topics.ts';

/** What connections, channels and requests of one relay share. */
export interface RelayContext {
  database: Database;
  credentials: Credentials;
  authorization: Authorization;
  topics: Topics;
  limits: RelayLimits;
  allowPublic: boolean;
  log(line: string): void;
}
