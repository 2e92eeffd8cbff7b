import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { projectRoot } from '../project-root.ts';

const run = promisify(execFile);

/** A project of somebody else's, with the packed package in its node_modules beside the two it asks for. */
let folder: string;

// Signs up, creates a community and asks for it: the package at work, not just its import.
const program = `
  import { createClient } from '@supabase/supabase-js';
  import { createGuildhall, GuildhallError } from 'guildhall';
  export async function main(apiUrl, key, transport) {
    const client = createClient(apiUrl, key, {
      auth: { persistSession: false, autoRefreshToken: false }, realtime: { transport },
    });
    const guildhall = createGuildhall(client);
    const refused = await guildhall.communities.mine().catch((error) => error);
    await client.auth.signUp({ email: crypto.randomUUID() + '@example.com', password: crypto.randomUUID() });
    await guildhall.communities.create({ name: 'Packed' });
    const names = (await guildhall.communities.mine()).map((community) => community.name);
    return { refused: refused instanceof GuildhallError ? refused.code : String(refused), names };
  }
`;
const answer = { refused: 'session_required', names: ['Packed'] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-package-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: projectRoot });
  const [tarball] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const installed = join(folder, 'node_modules', 'guildhall');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball!), '-C', installed, '--strip-components=1']);
  mkdirSync(join(folder, 'node_modules', '@supabase'));
  for (const name of ['zod', 'ws', '@supabase/supabase-js']) {
    symlinkSync(join(projectRoot, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'program.js'), program);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  test('holds the SDK and nothing of the local stack, the tests or the bench', async () => {
    const files = readdirSync(join(folder, 'node_modules', 'guildhall'), { recursive: true }).map(
      String,
    );
    expect(files).toContain(join('sdk', 'dist', 'index.js'));
    expect(files).toContain(join('sdk', 'dist', 'index.d.ts'));
    expect(files.filter((file) => /scripts|bench|supabase|\.test\.|testing/.test(file))).toEqual(
      [],
    );
  });

  test('works in Node', async () => {
    const { apiUrl, publishableKey } = inject('stack');
    writeFileSync(
      join(folder, 'node.js'),
      `import WebSocket from 'ws'; import { main } from './program.js';
       console.log(JSON.stringify(await main('${apiUrl}', '${publishableKey}', WebSocket)));`,
    );
    const { stdout } = await run(process.execPath, ['node.js'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test('works in Deno', async () => {
    const { apiUrl, publishableKey } = inject('stack');
    writeFileSync(
      join(folder, 'deno.js'),
      `import { main } from './program.js';
       console.log(JSON.stringify(await main('${apiUrl}', '${publishableKey}')));`,
    );
    const deno: string = createRequire(import.meta.url)('deno/install_api.cjs').runInstall();
    const { stdout } = await run(
      deno,
      [
        'run',
        '--quiet',
        '--no-prompt',
        '--cached-only',
        '--node-modules-dir=manual',
        '--allow-all',
        'deno.js',
      ],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test('bundles for a browser without anything of Node', async () => {
    const { metafile } = await build({
      entryPoints: [join(folder, 'program.js')],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      outfile: join(folder, 'bundle.js'),
      metafile: true,
      logLevel: 'silent',
    });
    const outside = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter((imported) => imported.external).map((imported) => imported.path),
    );
    expect(outside).toEqual([]);
    expect(readFileSync(join(folder, 'bundle.js'), 'utf8')).not.toMatch(/from ["']node:/);
  });

  test('has the social surface as an entry of its own, with handlers that work in Node', async () => {
    const { apiUrl, publishableKey } = inject('stack');
    writeFileSync(
      join(folder, 'social.js'),
      `import { GuildhallError } from 'guildhall';
       import { createSocial, createSocialHandlers } from 'guildhall/social';
       const handlers = createSocialHandlers({ supabaseUrl: '${apiUrl}', publishableKey: '${publishableKey}' });
       const response = await handlers.handleListMessages(new Request('http://example.com/?channelId=x'));
       const client = { rpc() {}, auth: { getSession: async () => ({ data: { session: null }, error: null }) } };
       const refused = await createSocial(client).listMessages('x').catch((error) => error);
       console.log(response.status, refused instanceof GuildhallError, refused.code);`,
    );
    const { stdout } = await run(process.execPath, ['social.js'], { cwd: folder });
    expect(stdout.trim()).toBe('401 true session_required');
  });

  test('brings nothing of the handlers to whoever only lists and sends', async () => {
    const { metafile } = await build({
      stdin: {
        contents: `import { createSocial } from 'guildhall/social'; console.log(createSocial);`,
        resolveDir: folder,
      },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    const used = Object.entries(output!.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file);
    expect(used.some((file) => file.endsWith('social/social.js'))).toBe(true);
    expect(used.filter((file) => /@supabase|handlers|answer|read-json-object/.test(file))).toEqual(
      [],
    );
  });

  test('has the chat as an entry of its own, which opens no socket and holds no supabase-js until it is followed', async () => {
    writeFileSync(
      join(folder, 'chat.js'),
      `import { createChatClient, GuildhallError } from 'guildhall/chat';
       const chat = createChatClient({
         gatewayUrl: 'http://127.0.0.1:9', getToken: () => null, realtime: 'poll',
       });
       const refused = await chat.openThread('x').catch((error) => error);
       console.log(refused instanceof GuildhallError, refused.code);`,
    );
    const { stdout } = await run(process.execPath, ['chat.js'], { cwd: folder });
    expect(stdout.trim()).toBe('true session_required');
    const { metafile } = await build({
      entryPoints: [join(folder, 'chat.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      outdir: folder,
      write: false,
      metafile: true,
    });
    const [, page] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint)!;
    const used = Object.keys(page.inputs);
    expect(used.some((file) => file.endsWith('chat/chat-thread.js'))).toBe(true);
    expect(used.filter((file) => /@supabase|zod|generated/.test(file))).toEqual([]);
  });

  test('brings declarations that a strict project accepts', async () => {
    writeFileSync(
      join(folder, 'typed.ts'),
      `import type { SupabaseClient } from '@supabase/supabase-js';
       import { createGuildhall } from 'guildhall';
       declare const client: SupabaseClient;
       const guildhall = createGuildhall(client);
       const seq: Promise<number> = guildhall.messages
         .send({ channelId: 'x', body: 'y' })
         .then((message) => message.seq);
       // @ts-expect-error a message has a body
       guildhall.messages.send({ channelId: 'x' });
       import { createSocial, type SocialMessage } from 'guildhall/social';
       const sent: Promise<SocialMessage> = createSocial(client).sendMessage('x', { body: 'y' });
       // @ts-expect-error on a server there is a token
       createSocial({ supabase: client });
       import { createChatClient, type ChatThread } from 'guildhall/chat';
       const thread: Promise<ChatThread> = createChatClient({ gatewayUrl: 'x' }).openThread('y');
       // @ts-expect-error it must know where the gateway is
       createChatClient({});
       export { sent, seq, thread };`,
    );
    const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc');
    const options =
      '--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2023,dom typed.ts'.split(
        ' ',
      );
    const { stdout } = await run(tsc, options, { cwd: folder });
    expect(stdout).toBe('');
  });
});
