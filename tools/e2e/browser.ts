import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long what surely comes is waited for: it says nothing of how fast a machine is. */
const waitMs = 60_000;

/** @throws Error with the line that says how to get one */
export function chromiumPath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = env['CHROME_PATH'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = chosen ? [chosen] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    chosen
      ? `CHROME_PATH is "${chosen}", which cannot be run. Set it to a Chromium or Chrome.`
      : 'The browser tests need Chromium or Chrome: sudo apt-get install chromium, or set CHROME_PATH to its program.',
  );
}

export interface Profile {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A browser with a profile of its own, which goes with it. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<Profile> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-chromium-'));
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    executablePath: chromiumPath(),
    args: flags,
  });
  context.setDefaultTimeout(waitMs);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
