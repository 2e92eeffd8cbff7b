import type { TestProject } from 'vitest/node';
import { freePort } from '../local/free-port.ts';
import { generateKeys, type Keys } from '../local/keys.ts';
import { type Stack, startStack } from '../local/stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The running stack that tests talk to through HTTP and sockets. */
    stack: Omit<Keys, 'databasePassword'> & {
      apiUrl: string;
      functionsUrl: string;
      functionsSecret: string;
      dbUrl: string | null;
      /** The origin of pages that may ask the gateway; nobody listens there but a test that serves one. */
      allowedOrigin: string;
    };
  }
}

/**
 * One stack for all tests that need one: embedded, or on GUILDHALL_DATABASE_URL. Tests never share users or communities,
 * so they may run side by side and in any order.
 */
export default async function setup(project: TestProject) {
  const databaseUrl = process.env.GUILDHALL_DATABASE_URL;
  const grantDefault = process.env.GUILDHALL_GRANTS === 'open' ? 'open' : 'closed';
  const keys = await generateKeys();
  const allowedOrigin = `http://127.0.0.1:${await freePort()}`;
  const stack: Stack = await startStack({
    keys,
    port: 0,
    grantDefault,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    allowedOrigins: allowedOrigin,
    log: (line) => {
      if (process.env.GUILDHALL_LOG !== undefined) console.log(line);
    },
  });
  const { databasePassword: _, ...given } = keys;
  project.provide('stack', {
    ...given,
    apiUrl: stack.apiUrl,
    functionsUrl: stack.functionsUrl,
    functionsSecret: stack.functionsSecret,
    dbUrl: stack.dbUrl,
    allowedOrigin,
  });
  return () => stack.close();
}
