import { createHash } from 'node:crypto';
import { pageOf, withNonce } from './page';
import { contentSecurityPolicy } from './security-headers';

const html = `<!doctype html><html><head><style>a{}</style><script src="main.js"></script>
<script>document.documentElement.dataset.theme='dark'</script></head><body class="x"><tt-app></tt-app></body></html>`;

it("lets the page's own inline scripts run, and no others", () => {
  const hash = createHash('sha256').update("document.documentElement.dataset.theme='dark'").digest('base64');
  expect(pageOf(html).scriptHashes).toEqual([`'sha256-${hash}'`]);
});

it('puts the nonce where Angular looks for it, and on styles', () => {
  const page = withNonce(pageOf(html), 'abc');
  expect(page).toContain('<body class="x"><template ngCspNonce="abc"></template><tt-app>');
  expect(page).toContain('<style nonce="abc">');
});

it('allows nothing from elsewhere and nothing inline', () => {
  const policy = contentSecurityPolicy({ styles: ["'nonce-abc'"], scripts: [] });
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self' 'nonce-abc';");
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
});
