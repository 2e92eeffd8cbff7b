import { readTap, type TapReport } from './tap.ts';
import type { TestSession } from './test-session.ts';

export interface FileResult extends TapReport {
  milliseconds: number;
}

/** Runs one pgTAP file in a session that is as it was opened, and leaves the session so for the next. */
export async function runTestFile(session: TestSession, sql: string): Promise<FileResult> {
  const start = performance.now();
  const { lines, error } = await session.run(sql);
  await session.reset();
  const report = readTap(lines);
  // What a file did not come to say after an error is the error's fault: name the cause, not its consequences.
  if (error !== undefined) report.problems = [error];
  return { ...report, milliseconds: performance.now() - start };
}

/** How many things are wrong: each failed test, and each reason why the file as a whole does not count. */
export const countFailed = (result: FileResult): number =>
  result.failures.length + result.problems.length;

const shownDiagnostics = 25;

/** What is wrong, for the terminal, indented below the file's name. */
export function describeFailures(result: FileResult): string {
  return [
    ...result.failures.flatMap(({ line, diagnostics }) => [
      line,
      ...diagnostics.slice(0, shownDiagnostics),
      ...(diagnostics.length > shownDiagnostics
        ? [`# … ${diagnostics.length - shownDiagnostics} lines more`]
        : []),
    ]),
    ...result.problems,
  ]
    .join('\n')
    .replace(/^/gm, '    ');
}
