import { createHash } from 'node:crypto';

/** The dashboard's page, ready to be served: Angular adds its styles at run time and needs a nonce for them. */
export interface Page {
  readonly html: string;
  /** `script-src` entries that let the page's own inline scripts run, by their hashes. */
  readonly scriptHashes: readonly string[];
}

export function pageOf(html: string): Page {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)];
  return {
    html,
    scriptHashes: scripts.map(
      ([, code]) =>
        `'sha256-${createHash('sha256')
          .update(code ?? '')
          .digest('base64')}'`,
    ),
  };
}

/** The page with this answer's nonce, where Angular looks for it and on the styles that stand in it. */
export function withNonce(page: Page, nonce: string): string {
  return page.html
    .replace(/<style\b/gi, `<style nonce="${nonce}"`)
    .replace(/<body\b[^>]*>/i, (body) => `${body}<template ngCspNonce="${nonce}"></template>`);
}
