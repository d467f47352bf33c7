import type { Page } from 'playwright-core';
import { violations } from './accessibility';
import type { Profile } from './browser';
import { WatchedPage } from './watched-page';

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

export interface Place {
  readonly name: string;
  readonly profile: Profile;
  readonly path: string;
  /** What is there once all is drawn. */
  readonly drawn: readonly string[];
  /** What is done there before it is looked at. */
  readonly before?: (page: Page) => Promise<void>;
}

/** What is wrong there, in either theme. */
export async function look(
  url: string,
  { profile, path, drawn, before }: Place,
  size: keyof typeof sizes,
): Promise<string[]> {
  const watched = await WatchedPage.open(profile.context, `${url}${path}`);
  const { page } = watched;
  await page.setViewportSize(sizes[size]);
  for (const selector of drawn) await page.locator(selector).first().waitFor();
  await before?.(page);
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await violations(page)).map((line) => `${colorScheme}: ${line}`));
  }
  await watched.close({ brokenConnection: path === '/sign-in' }); // a stranger is asked to sign in: 401
  return found;
}
