import { problemSchema } from '@telltale/contracts';
import { putSession } from '../testing/rows';
import { routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await putSession(gateway.connections.readModel, { id: 'x' });
});
afterAll(() => gateway.stop());

interface Described {
  readonly paths: Record<
    string,
    Record<string, { readonly parameters?: readonly { readonly in: string; readonly name: string }[] }>
  >;
}

/** Every route that is read, with the parameters it says it takes. */
async function reads(): Promise<{ path: string; parameters: string[] }[]> {
  const { paths } = (await gateway.get('/api/docs-json')).body as Described;
  return routesOf(gateway)
    .filter(({ method, path }) => method === 'GET' && !path.startsWith('/api/docs'))
    .map(({ path }) => {
      const parameters = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.['get']?.parameters ?? [];
      return { path, parameters: parameters.filter((each) => each.in === 'query').map(({ name }) => name) };
    });
}

async function statusOf(path: string): Promise<number> {
  const response = await gateway.fetch(path, { headers: gateway.bearer('admin') });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel();
  else if (response.status >= 400) problemSchema.parse(await response.json());
  return response.status;
}

it('a parameter that no route knows is refused by every route', async () => {
  const wrong: unknown[] = [];
  const queries = ['?nonsense=1', '?__proto__=1', '?constructor=x', '?%00=1', '?toString'];
  for (const { path } of await reads()) {
    const tries = queries.map((query) => path.replaceAll(/:\w+/g, 'x') + query);
    await Promise.all(tries.map(async (each) => (await statusOf(each)) === 400 || wrong.push(each)));
  }
  expect(wrong).toEqual([]);
});

it('a parameter that is told twice, or as a list, is refused: which one counts is nobody’s guess', async () => {
  const forms = (name: string) => [
    `${name}=a&${name}=b`,
    `${name}[]=a&${name}[]=b`,
    `${name}[a]=b`,
    `${name}.a=b`,
  ];
  const tries = (await reads()).flatMap(({ path, parameters }) =>
    parameters
      .filter((name) => path !== '/api/compare' || name !== 'ids') // takes several
      .flatMap(forms)
      .map((query) => `${path.replaceAll(/:\w+/g, 'x')}?${query}`),
  );
  const wrong: unknown[] = [];
  for (const each of tries) if ((await statusOf(each)) !== 400) wrong.push(each);
  expect(wrong).toEqual([]);
  expect(tries.length).toBeGreaterThan(60);
});

it('hostile values break nothing', async () => {
  const values = [
    '%00',
    '%FF',
    '%ED%A0%80',
    "'; drop table session --",
    '%25',
    '💥',
    '-1',
    '1e309',
    '%',
    'x'.repeat(7000),
  ];
  const wrong: unknown[] = [];
  for (const { path, parameters } of await reads()) {
    for (const name of parameters) {
      const check = async (value: string) => {
        const status = await statusOf(`${path.replaceAll(/:\w+/g, 'x')}?${name}=${value}`);
        if (status >= 500) wrong.push([path, name, value.slice(0, 20), status]);
      };
      await Promise.all(values.map(check));
    }
  }
  expect(wrong).toEqual([]);
});
