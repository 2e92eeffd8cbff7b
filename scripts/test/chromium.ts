import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian has it; GUILDHALL_CHROMIUM names another. */
const executablePath = process.env.GUILDHALL_CHROMIUM || '/usr/bin/chromium';

/** A real browser without a window of its own, with more arguments where a test needs them. @throws where there is none on this machine */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no Chromium at ${executablePath}: apt-get install chromium, or set GUILDHALL_CHROMIUM to one.`,
    );
  }
  // Whoever tests in a container is root, for whom Chromium has no sandbox; it opens nothing here but pages of our own.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
  });
}
