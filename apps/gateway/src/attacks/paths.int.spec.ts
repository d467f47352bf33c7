import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@telltale/platform/testing';
import { rawRequest, statusOf } from '../testing/raw-request';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

const secret = 'outside of the folder';
let folder: TemporaryFolder;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await temporaryFolder();
  const browser = join(folder.path, 'browser');
  await mkdir(join(browser, 'assets'), { recursive: true });
  await mkdir(join(folder.path, 'outside'));
  await mkdir(join(folder.path, 'browser-beside'));
  await writeFile(join(browser, 'index.html'), '<!doctype html><html><body><tt-app></tt-app></body></html>');
  await writeFile(join(browser, 'own.js'), 'export {};');
  await writeFile(join(browser, '.env'), secret);
  await writeFile(join(folder.path, 'outside', 'secret.js'), secret);
  await writeFile(join(folder.path, 'browser-beside', 'secret.js'), secret);
  await symlink(join(folder.path, 'outside', 'secret.js'), join(browser, 'file.js'));
  await symlink(join(folder.path, 'outside'), join(browser, 'assets', 'folder'));
  await symlink(join(folder.path, 'browser-beside'), join(browser, 'beside'));
  await symlink('../../outside/secret.js', join(browser, 'assets', 'relative.js'));
  await symlink(join(browser, 'own.js'), join(browser, 'alias.js'));
  gateway = await startTestGateway({ dashboardDir: browser });
});
afterAll(async () => {
  await gateway.stop();
  await folder.remove();
});

/** As it is written: fetch would take the dots out. */
const ask = (path: string, more = '') =>
  rawRequest(gateway.url, `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${more}connection: close\r\n\r\n`);

const ways = [
  '/../outside/secret.js',
  '/assets/../../outside/secret.js',
  '/%2e%2e/outside/secret.js',
  '/%2e%2e%2foutside%2fsecret.js',
  '/..%2foutside%2fsecret.js',
  '/..%5coutside%5csecret.js',
  '/..\\outside\\secret.js',
  '/%252e%252e/outside/secret.js',
  '/....//outside/secret.js',
  '//outside/secret.js',
  '/own.js%00.html',
  '/%00/../outside/secret.js',
  '/assets/%2e%2e/%2e%2e/outside/secret.js',
  '/%c0%ae%c0%ae/outside/secret.js',
  '/.env',
  '/%2eenv',
  'http://127.0.0.1/../outside/secret.js',
];

describe('a path out of the dashboard’s folder', () => {
  it.each(ways)('%s leads nowhere', async (path) => {
    const answer = await ask(path);
    expect(answer).not.toContain(secret);
    // What is no file is the page's to make sense of.
    if (!answer.includes('<tt-app>')) expect([400, 403, 404]).toContain(statusOf(answer));
  });

  it.each(['/file.js', '/assets/folder/secret.js', '/assets/relative.js', '/beside/secret.js'])(
    'neither does the link %s',
    async (path) => {
      const answer = await ask(path);
      expect(answer).not.toContain(secret);
      expect(statusOf(answer)).toBe(404);
    },
  );

  it('a link within the folder is a file of it', async () => {
    expect(await ask('/alias.js')).toContain('export {};');
    expect(await ask('/own.js')).toContain('export {};');
  });
});

describe('a path to a picture', () => {
  it('names a picture, and no file', async () => {
    const admin = `authorization: ${gateway.bearer('admin')['authorization'] ?? ''}\r\n`;
    for (const path of [...ways, '/etc/passwd', '/%2fetc%2fpasswd', '/file:%2f%2f%2fetc%2fpasswd']) {
      if (!path.startsWith('/')) continue;
      const answer = await ask(`/api/screenshots${path}`, admin);
      expect({ path, answer }).toEqual({ path, answer: expect.not.stringContaining(secret) });
      expect({ path, refused: [400, 404].includes(statusOf(answer)) }).toEqual({ path, refused: true });
      expect(answer).toContain('application/problem+json');
    }
  });
});
