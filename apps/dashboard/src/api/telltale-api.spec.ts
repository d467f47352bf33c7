import { TestBed } from '@angular/core/testing';
import { FakeGateway } from '../testing/fake-gateway';
import { ApiError, TelltaleApi, browserFetch } from './telltale-api';

function apiOf(gateway: FakeGateway): TelltaleApi {
  TestBed.configureTestingModule({ providers: [{ provide: browserFetch, useValue: gateway.fetch }] });
  return TestBed.inject(TelltaleApi);
}

describe('TelltaleApi', () => {
  it('builds the address and leaves out what is undefined', async () => {
    const gateway = new FakeGateway(() => ({ body: { ok: true } }));
    expect(await apiOf(gateway).get('/sessions', { limit: 50, q: undefined, host: 'a b' })).toEqual({
      ok: true,
    });
    expect(gateway.requests[0]?.url).toBe('/api/sessions?limit=50&host=a+b');
  });

  it('polls with the ETag and tells 304 from news', async () => {
    const gateway = new FakeGateway(({ headers }) =>
      headers['If-None-Match'] === '"1"' ? { status: 304 } : { body: [1], etag: '"1"' },
    );
    const api = apiOf(gateway);
    expect(await api.poll('/sessions', {}, null)).toEqual({ changed: true, value: [1], etag: '"1"' });
    expect(await api.poll('/sessions', {}, '"1"')).toEqual({ changed: false });
  });

  it('fails with the problem the gateway names', async () => {
    const problem = { title: 'Bad request', detail: 'limit is too large', field: 'limit', status: 400 };
    const api = apiOf(new FakeGateway(() => ({ status: 400, body: problem })));
    await expect(api.get('/sessions')).rejects.toEqual(new ApiError(400, 'limit is too large', 'limit'));
  });

  it('tells an unreachable gateway from an ended session', async () => {
    const gateway = new FakeGateway(() => undefined);
    const api = apiOf(gateway);
    await expect(api.get('/sessions')).rejects.toMatchObject({ status: 0 });
    expect(api.unauthorized()).toBe(0);
    gateway.answer = () => ({ status: 401 });
    await expect(api.get('/sessions')).rejects.toMatchObject({ status: 401 });
    await expect(api.post('/auth/login', {})).rejects.toMatchObject({ status: 401 });
    expect(api.unauthorized()).toBe(1);
  });
});
