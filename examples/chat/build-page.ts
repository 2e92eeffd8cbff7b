import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the page for a browser. Returns the text of `page.js`. */
export async function buildPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  const [page] = outputFiles;
  if (page === undefined) throw new Error('esbuild made nothing');
  return page.text;
}
