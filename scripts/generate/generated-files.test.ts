import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareFiles, writeFiles } from './generated-files.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-generated-'));
  mkdirSync(join(root, 'out'));
});
afterEach(() => rmSync(root, { recursive: true }));

const folders = [{ path: 'out', header: '-- Generated' }];
const files = [
  { path: 'out/a.sql', text: '-- Generated\na\n' },
  { path: 'out/b.sql', text: '-- Generated\nb\n' },
];
const put = (path: string, text: string) => writeFileSync(join(root, path), text);

describe('compareFiles', () => {
  it('says nothing when every byte is equal', () => {
    for (const { path, text } of files) put(path, text);
    expect(compareFiles(root, files, folders)).toEqual([]);
  });

  it('names what is absent, different or left over, and writes nothing', () => {
    put('out/a.sql', '-- Generated\r\na\r\n');
    put('out/c.sql', '-- Generated\nc\n');
    expect(compareFiles(root, files, folders)).toEqual([
      { path: 'out/a.sql', state: 'different' },
      { path: 'out/b.sql', state: 'absent' },
      { path: 'out/c.sql', state: 'left over' },
    ]);
    expect(existsSync(join(root, 'out/b.sql'))).toBe(false);
  });
});

describe('writeFiles', () => {
  it('brings the folder to what is generated', () => {
    put('out/a.sql', 'old');
    put('out/c.sql', '-- Generated\nc\n');
    expect(writeFiles(root, files, folders).map(({ path }) => path)).toEqual([
      'out/a.sql',
      'out/b.sql',
      'out/c.sql',
    ]);
    expect(compareFiles(root, files, folders)).toEqual([]);
    expect(readFileSync(join(root, 'out/a.sql'), 'utf8')).toBe('-- Generated\na\n');
  });

  it('refuses before it writes when a file among the generated ones was written by hand', () => {
    put('out/fix.sql', 'alter table …');
    expect(() => writeFiles(root, files, folders)).toThrow(
      'out/fix.sql was not generated, and out holds generated files only: move it or remove it.',
    );
    expect(existsSync(join(root, 'out/a.sql'))).toBe(false);
    expect(existsSync(join(root, 'out/fix.sql'))).toBe(true);
  });
});
