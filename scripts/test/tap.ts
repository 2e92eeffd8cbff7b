/** What one test file said in the Test Anything Protocol. */
export interface TapReport {
  /** How many tests passed, those marked as to do or skipped left out. */
  passed: number;
  /** One entry per failed test: its line, and the diagnostics that follow it. */
  failures: TapFailure[];
  /** Tests that were not run: `ok … # SKIP reason`. */
  skipped: string[];
  /** Why the file as a whole does not count: no plan, a plan that does not match, numbers out of order, a bail out. */
  problems: string[];
}

interface TapFailure {
  line: string;
  diagnostics: string[];
}

const testLine = /^(not )?ok\b(?:\s+(\d+))?(?:\s+-?\s*(.*))?$/;
const planLine = /^1\.\.(\d+)(?:\s*#\s*skip\b\s*(.*))?$/i;
const directive = /(?:^|[^\\])#\s*(skip|todo)\b/i;

/**
 * Reads TAP as pgTAP writes it. Lines that are not TAP are somebody's output and are passed over, as `pg_prove` does.
 */
export function readTap(lines: readonly string[]): TapReport {
  const report: TapReport = { passed: 0, failures: [], skipped: [], problems: [] };
  let planned: number | undefined;
  let run = 0;
  let open: TapFailure | undefined;

  for (const line of lines) {
    const bail = /^Bail out!\s*(.*)$/.exec(line);
    if (bail) {
      report.problems.push(`bailed out: ${bail[1]}`);
      break;
    }
    const plan = planLine.exec(line);
    if (plan) {
      if (planned !== undefined) report.problems.push('two plans');
      planned = Number(plan[1]);
      continue;
    }
    const test = testLine.exec(line);
    if (test) {
      run += 1;
      const [, not, number, description = ''] = test;
      if (number !== undefined && Number(number) !== run) {
        report.problems.push(`test ${number} where test ${run} belongs`);
      }
      const mark = directive.exec(description)?.[1]?.toLowerCase();
      open = undefined;
      if (mark === 'skip') report.skipped.push(description);
      else if (mark === 'todo') continue;
      else if (not === undefined) report.passed += 1;
      else {
        open = { line, diagnostics: [] };
        report.failures.push(open);
      }
      continue;
    }
    if (line.startsWith('#') && open !== undefined) open.diagnostics.push(line);
  }

  if (planned === undefined) report.problems.push('no plan');
  else if (planned !== run) report.problems.push(`planned ${planned} tests and ran ${run}`);
  if (report.passed + report.failures.length === 0) report.problems.push('no test was run');
  return report;
}
