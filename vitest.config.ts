import { defineConfig } from 'vitest/config';

const shared = {
  globalSetup: ['scripts/test/stack-setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Each worker opens databases of its own; more of them only make each other late.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'stack',
          include: ['scripts/**/*.test.ts', 'sdk/src/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [
            'scripts/test/concurrency/**',
            // They start an embedded stack of their own and wait by the clock: with a server by URL they would only say the same again.
            ...(process.env.GUILDHALL_DATABASE_URL === undefined
              ? []
              : ['scripts/test/voice/{calls,voice-sfu,voice-token}.test.ts']),
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'concurrency',
          // What one file measures by its locks, another must not take meanwhile.
          fileParallelism: false,
          include: ['scripts/test/concurrency/**/*.test.ts'],
        },
      },
    ],
  },
});
