import { createHash } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { jetstream } from '@nats-io/jetstream';
import {
  bytesChunkBytes,
  bytesStreamName,
  bytesSubject,
  chunkCount,
  type Screenshot,
} from '@telltale/contracts';
import { ensureBytesStream } from '@telltale/platform';
import { eventually, testPicture } from '@telltale/platform/testing';
import { putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

const sessionId = 'session_1762316690033@atlas';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const idOf = (n: number) => n.toString(16).padStart(32, '0');
/** Three chunks. */
const large = testPicture(1, { width: 600, height: 400 });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await ensureBytesStream(gateway.connections.nats);
  const shown: Screenshot = {
    id: idOf(1),
    filename: 'end.png',
    label: 'end',
    at: '2025-11-05T04:24:58.502Z',
    step: 3,
    bytes: large.length,
    width: 600,
    height: 400,
    url: `/api/screenshots/${idOf(1)}?v=${sha256(large).slice(0, 12)}`,
  };
  await putSession(gateway.connections.readModel, {
    id: sessionId,
    source: 'ui-test',
    detail: { screenshots: [shown] },
  });
});
afterAll(() => gateway?.stop());

/** A picture as ingest leaves it: its chunks in the byte stream, but for some, and its row. */
async function put(
  n: number,
  bytes: Buffer,
  {
    mediaType = 'image/png',
    filename = 'end.png',
    without = [] as number[],
    under = sha256(bytes),
    session = sessionId,
  } = {},
): Promise<string> {
  for (let chunk = 0; chunk < chunkCount(bytes.length); chunk++) {
    if (without.includes(chunk)) continue;
    const subject = bytesSubject({ host: 'atlas', sha256: under, chunk });
    const part = bytes.subarray(chunk * bytesChunkBytes, (chunk + 1) * bytesChunkBytes);
    await jetstream(gateway.connections.nats).publish(subject, part);
  }
  await gateway.connections.readModel.query(
    `insert into screenshot (id, session_id, filename, sha256, media_type, bytes, host, chunks)
     values ($1, $2, $3, $4, $5, $6, 'atlas', $7)`,
    [idOf(n), session, filename, under, mediaType, bytes.length, chunkCount(bytes.length)],
  );
  return `/api/screenshots/${idOf(n)}`;
}

const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { headers: { ...gateway.bearer(), ...headers } });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

it('lists the pictures of a run', async () => {
  const path = `/api/sessions/${encodeURIComponent(sessionId)}/screenshots`;
  expect(await gateway.get(path)).toMatchObject({
    status: 200,
    body: { items: [{ filename: 'end.png', step: 3 }] },
  });
  expect(await gateway.get('/api/sessions/nobody/screenshots')).toMatchObject({
    status: 404,
    body: { title: 'Not Found' },
  });
});

it('serves a picture of several chunks as what it is', async () => {
  const path = await put(1, large);
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(large.length),
    etag: `"${sha256(large)}"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'inline; filename="end.png"',
  });
  expect((await bodyOf(response)).equals(large)).toBe(true);
});

it('says what a browser may keep for good, and what it has already', async () => {
  const path = `/api/screenshots/${idOf(1)}`;
  const etag = `"${sha256(large)}"`;
  const named = await get(`${path}?v=${sha256(large).slice(0, 12)}`);
  expect(named.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  await named.arrayBuffer();
  expect((await get(`${path}?v=000000000000`)).headers.get('cache-control')).toBe('private, no-cache');
  for (const held of [etag, `"x", ${etag}`, '*']) {
    const response = await get(path, { 'if-none-match': held });
    expect([response.status, response.headers.get('etag'), (await bodyOf(response)).length]).toEqual([
      304,
      etag,
      0,
    ]);
  }
  expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  const head = await gateway.fetch(path, { method: 'HEAD', headers: gateway.bearer() });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(large.length)]);
});

it.each([
  [10, 'image/jpeg', '../../.ssh/id "rsa"\r\nset-cookie: a=b', '_ssh_id_rsa_set-cookie_a_b.jpg'],
  [11, 'image/webp', 'シーン.png', '_.webp'],
  [12, 'image/png', '.png', 'picture.png'],
])('names no. %i by its type and plain characters', async (n, mediaType, filename, expected) => {
  const response = await get(await put(n, testPicture(n), { mediaType, filename }));
  expect(response.headers.get('content-type')).toBe(mediaType);
  expect(response.headers.get('content-disposition')).toBe(`inline; filename="${expected}"`);
  expect(response.headers.get('set-cookie')).toBeNull();
});

it.each([
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'end.png',
  idOf(1).toUpperCase().replace(/^0/, 'G'),
  `${idOf(1)}0`,
  `${idOf(1)}%00`,
  "' or true --",
  idOf(404),
])('has no picture %s', async (id) => {
  const response = await get(`/api/screenshots/${id}`);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await response.text()).not.toContain('root:');
});

it('shows no picture without a user, with unknown words, of no session, or as what is no picture', async () => {
  expect((await gateway.fetch(`/api/screenshots/${idOf(1)}`)).status).toBe(401);
  expect((await get(`/api/screenshots/${idOf(1)}?path=/etc/passwd`)).status).toBe(400);
  expect((await get(await put(20, testPicture(20), { session: 'nobody' }))).status).toBe(404);
  expect((await get(await put(21, testPicture(21), { mediaType: 'text/html' }))).status).toBe(404);
});

it('says that bytes are gone while it can, and cuts the answer short where it is too late', async () => {
  const options = { width: 600, height: 400 };
  const beginning = await get(await put(30, testPicture(30, options), { without: [0] }));
  expect([beginning.status, await beginning.json()]).toMatchObject([
    404,
    { detail: expect.stringContaining('bytes') as string },
  ]);
  const middle = await get(await put(31, testPicture(31, options), { without: [1] }));
  await expect(middle.arrayBuffer()).rejects.toThrow();
  const forged = await get(
    await put(32, testPicture(33, options), { under: sha256(testPicture(32, options)) }),
  );
  await expect(forged.arrayBuffer()).rejects.toThrow();
  const small = await get(await put(34, testPicture(35), { under: sha256(testPicture(34)) }));
  expect(small.status).toBe(404);
});

it('reads on from the log only as the client takes the picture', async () => {
  const bytes = Buffer.concat([testPicture(40), Buffer.alloc(48 * 1024 * 1024, 7)]);
  const path = await put(40, bytes);
  const { nats } = gateway.connections;
  let reads = 0;
  const countRead = () => {
    reads += 1;
  };
  nats.subscribe(`$JS.API.DIRECT.GET.${bytesStreamName}.>`, { callback: countRead });
  const response = await responseOf(path);
  response.pause();
  let before = -1;
  await eventually(
    () => {
      const stands = reads > 0 && reads === before;
      before = reads;
      if (!stands) throw new Error(`it reads on: ${reads}`);
    },
    { everyMs: 250 },
  );
  expect(reads).toBeLessThan(chunkCount(bytes.length) - 50);
  expect((await get(`/api/screenshots/${idOf(1)}`)).status).toBe(200);
  const hash = createHash('sha256');
  for await (const chunk of response) hash.update(chunk as Buffer);
  expect(hash.digest('hex')).toBe(sha256(bytes));
});

function responseOf(path: string): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    request(`${gateway.url}${path}`, { headers: gateway.bearer() }, done).on('error', failed).end();
  });
}
