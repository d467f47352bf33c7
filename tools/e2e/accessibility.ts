import axe, { type AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** Makes axe known to every page opened after this; an init script is not bound by the page's security policy. */
export async function bringAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript(axe.source);
}

/** Colours in the middle of a transition are nobody's choice: what ends is ended first. */
const runAxe = `(async () => {
  for (const animation of document.getAnimations())
    if (animation.effect.getComputedTiming().iterations !== Infinity) animation.finish();
  return axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} } });
})()`;

/** What WCAG 2.1 A and AA find wrong with the page as it is: rule, and the elements. */
export async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate<AxeResults>(runAxe);
  if (results.passes.length < 5) throw new Error('axe found next to nothing to look at: is the page there?');
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}
