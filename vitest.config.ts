import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const shared = {
  globalSetup: ['scripts/test/stack-setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/**
 * The slow ones of those that need no server or bring an embedded stack of their own: with a server by URL they would only say the
 * same again.
 */
const withoutServer = [
  'scripts/contract/drift.test.ts',
  'scripts/local/start.test.ts',
  'scripts/replay/killed-stack.test.ts',
  'scripts/test/link-previews/fetch-preview.test.ts',
  'scripts/test/voice/{calls,ice-function,ice-providers,lost-answers,voice-sfu,voice-token}.test.ts',
];

/** For more than a minute it waits for a real lease and real credentials to end: begun last, it would have that minute to itself. */
const waitsLongest = 'scripts/test/voice/calls.test.ts';

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => moduleId.endsWith(waitsLongest);
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
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
            ...(process.env.GUILDHALL_DATABASE_URL === undefined ? [] : withoutServer),
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
