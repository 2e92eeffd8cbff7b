import { writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { launchChromium } from '../../scripts/test/chromium.ts';
import { type Application, startApplication } from './application.ts';
import { buildPage } from './build-page.ts';
import { type DemoPerson, newFriends } from './people.ts';

// The example as people use it: two windows of a real browser that share nothing, and the gateway between them and the stack.

let browser: Browser;
let application: Application;
let people: [DemoPerson, DemoPerson];
let script: string;

beforeAll(async () => {
  const stack = inject('stack');
  [browser, people, script] = await Promise.all([launchChromium(), newFriends(stack), buildPage()]);
  const port = Number(new URL(stack.allowedOrigin).port);
  application = await startApplication(people, `${stack.functionsUrl}/gateway`, port);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await application?.close();
});

interface Window {
  page: Page;
  /** What the page and the browser complained of. */
  complaints: string[];
  /** Sockets to Realtime that the page opened. */
  sockets: string[];
}

/** A window of its own, with cookies of its own, in which this person has signed in. */
async function openWindow(person: 1 | 2): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 440, height: 560 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const sockets: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(`${application.origin}/sign-in/${person}`);
  return { page, complaints, sockets };
}

async function say({ page }: Window, text: string): Promise<void> {
  await page.fill('#body', text);
  await page.press('#body', 'Enter');
}

/** The bubbles of a window, without their times. */
const bubbles = ({ page }: Window) =>
  page.$$eval('#messages li', (items) =>
    items.map((item) => `${item.className}: ${item.firstChild?.textContent ?? ''}`),
  );

const shows = (window: Window, wanted: string[]) =>
  expect.poll(() => bubbles(window), { timeout: 15_000 }).toEqual(wanted);

describe('two people in two windows', () => {
  test('chat through the gateway, and both see both messages once', async () => {
    const [anns, bens] = await Promise.all([openWindow(1), openWindow(2)]);
    await expect
      .poll(() => [anns.sockets.length, bens.sockets.length], { timeout: 15_000 })
      .toEqual([1, 1]);
    await say(anns, 'Hello Ben, do you see this?');
    await shows(bens, ['theirs sent: Hello Ben, do you see this?']);
    await say(bens, 'I do, Ann. Once.');
    await shows(anns, ['mine sent: Hello Ben, do you see this?', 'theirs sent: I do, Ann. Once.']);
    await shows(bens, ['theirs sent: Hello Ben, do you see this?', 'mine sent: I do, Ann. Once.']);
    for (const { page, complaints } of [anns, bens]) {
      expect(complaints).toEqual([]);
      expect(await page.isHidden('#warning')).toBe(true);
      // The session is nothing that a script of the page could read.
      expect(await page.evaluate(() => document.cookie)).toBe('');
    }

    // Only on request, so that a test run changes no file: GUILDHALL_SCREENSHOT=docs/chat.png
    const file = process.env.GUILDHALL_SCREENSHOT;
    if (file !== undefined) await writeFile(file, await sideBySide(anns, bens));

    // A reload brings the same from the history.
    await anns.page.reload();
    await shows(anns, ['mine sent: Hello Ben, do you see this?', 'theirs sent: I do, Ann. Once.']);
    await Promise.all([anns, bens].map(({ page }) => page.context().close()));
  });

  test('who has no session is told so', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(
      `${application.origin}/?gateway=${inject('stack').functionsUrl}/gateway&with=x`,
    );
    await expect
      .poll(() => page.textContent('#warning'), { timeout: 15_000 })
      .toBe('Sign in first.');
    await context.close();
  });

  test('a page of another origin is let nowhere near, with the same cookies', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const askForToken = () =>
      page.evaluate(
        (url) =>
          fetch(`${url}/auth/token`, { credentials: 'include' }).then(
            ({ status }) => status,
            String,
          ),
        `${inject('stack').functionsUrl}/gateway`,
      );
    await page.goto(`${application.origin}/sign-in/1`);
    expect(await askForToken()).toBe(200);
    await page.route('http://127.0.0.1:4999/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>another page</p>' }),
    );
    await page.goto('http://127.0.0.1:4999/');
    expect(await askForToken()).toMatch(/Failed to fetch/);
    await context.close();
  });
});

test('the built page holds no key and no address of a project', () => {
  const { apiUrl, publishableKey, secretKey, jwtSecret } = inject('stack');
  for (const setting of [apiUrl, new URL(apiUrl).host, publishableKey, secretKey, jwtSecret]) {
    expect(script).not.toContain(setting);
  }
  expect(script).not.toMatch(/sb_(publishable|secret)_\w{8,}/);
  // A signed token, as keys were before.
  expect(script).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  expect(script).not.toMatch(/[\w-]+\.supabase\.(co|in)\b/);
  // What stands in it of a chat, so that the above looks at the right file.
  expect(script).toContain('/chat/send');
});

/** Both windows in one picture. */
async function sideBySide(...windows: Window[]): Promise<Buffer> {
  const shots = await Promise.all(windows.map(({ page }) => page.screenshot()));
  const context = await browser.newContext({ viewport: { width: 940, height: 600 } });
  const page = await context.newPage();
  const images = shots.map(
    (shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`,
  );
  await page.setContent(
    `<style>body { margin: 0; padding: 20px; display: flex; gap: 20px; background: #8f98a8 }</style>${images.join('')}`,
  );
  const picture = await page.screenshot();
  await context.close();
  return picture;
}
