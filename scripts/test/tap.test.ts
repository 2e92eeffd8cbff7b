import { describe, expect, it } from 'vitest';
import { readTap } from './tap.ts';

const read = (text: string) => readTap(text.trim().split('\n'));

describe('readTap', () => {
  it('counts what passed', () => {
    expect(read('1..2\nok 1 - one\nok 2')).toEqual({
      passed: 2,
      failures: [],
      skipped: [],
      problems: [],
    });
  });

  it('keeps a failed test with the diagnostics that follow it', () => {
    const report = read(
      '1..2\nnot ok 1 - one\n# Failed test 1: "one"\n#         have: 1\nok 2 - two\n# Looks like you failed 1 test of 2',
    );
    expect(report.passed).toBe(1);
    expect(report.failures).toEqual([
      { line: 'not ok 1 - one', diagnostics: ['# Failed test 1: "one"', '#         have: 1'] },
    ]);
    expect(report.problems).toEqual([]);
  });

  it('takes a plan at the end', () => {
    expect(read('ok 1\n1..1').problems).toEqual([]);
  });

  it('finds a plan that asks for more tests, and one that asks for fewer', () => {
    expect(read('1..3\nok 1').problems).toEqual(['planned 3 tests and ran 1']);
    expect(read('1..1\nok 1\nok 2').problems).toEqual(['planned 1 tests and ran 2']);
  });

  it('finds that there is no plan', () => {
    expect(read('ok 1 - one').problems).toEqual(['no plan']);
  });

  it('finds that no test was run, skipped ones included', () => {
    expect(read('').problems).toEqual(['no plan', 'no test was run']);
    expect(read('1..0 # SKIP nothing here').problems).toEqual(['no test was run']);
    expect(read('1..1\nok 1 # SKIP no extension')).toMatchObject({
      passed: 0,
      skipped: ['# SKIP no extension'],
      problems: ['no test was run'],
    });
  });

  it('finds a number out of order', () => {
    expect(read('1..2\nok 1\nok 3').problems).toEqual(['test 3 where test 2 belongs']);
  });

  it('ends at a bail out', () => {
    expect(read('1..2\nok 1\nBail out! the server is gone\nok 2').problems).toEqual([
      'bailed out: the server is gone',
      'planned 2 tests and ran 1',
    ]);
  });

  it('lets a test that is still to do fail without counting it', () => {
    expect(read('1..2\nnot ok 1 - later # TODO soon\nok 2')).toMatchObject({
      passed: 1,
      failures: [],
      problems: [],
    });
  });

  it('passes over output that is not TAP, and takes okay for no test', () => {
    expect(read('\n42\nokay\n1..1\nok 1 - one')).toMatchObject({ passed: 1, problems: [] });
  });
});
