import { Validator } from '@seriousme/openapi-schema-validator';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020';
import { routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { tags } from './tags';

let gateway: TestGateway;
let document: OpenAPIObject;
beforeAll(async () => {
  gateway = await startTestGateway();
  document = (await gateway.get('/api/docs-json')).body as OpenAPIObject;
});
afterAll(() => gateway.stop());

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
type Content = Readonly<Record<string, Media>>;

/** A schema whose references lead into the document. */
const inDocument = (schema: object | undefined) => {
  const { $ref } = (schema ?? {}) as { readonly $ref?: string };
  return $ref === undefined ? (schema ?? false) : { $ref: `api${$ref}` };
};

/** `GET /api/x` and what is said of it. */
function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation as Operation,
      ]),
  );
}

it('is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...document });
  expect({ valid, errors }).toMatchObject({ valid: true });
  expect(document.openapi).toBe('3.1.0');
});

it('covers every route there is, and no other', () => {
  const there = routesOf(gateway)
    .filter(({ path }) => !path.startsWith('/api/docs'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(
    operations()
      .map(([name]) => name)
      .sort(),
  ).toEqual([...new Set(there)].sort());
});

it('says of every operation what it is for, who may, and what may go wrong', () => {
  const names = new Set<string>(tags.map(({ name }) => name));
  for (const [name, operation] of operations()) {
    const { summary, security, responses } = operation;
    expect({ name, summary }).toEqual({ name, summary: expect.stringMatching(/^[A-Z].{5,}/) });
    expect(operation.tags?.every((tag) => names.has(tag))).toBe(true);
    const isOpen = security?.length === 0;
    expect({ name, told: Object.keys(responses) }).toEqual({
      name,
      told: expect.arrayContaining([...(isOpen ? [] : ['401', '403']), '400', '421', '500', '503']),
    });
    const good = Object.keys(responses).filter((status) => Number(status) < 300);
    expect({ name, good: good.length }).toEqual({ name, good: 1 });
  }
  const open = operations().filter(([, { security }]) => security?.length === 0);
  expect(open.map(([name]) => name).sort()).toEqual([
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'POST /api/auth/login',
    'POST /api/auth/sign-in',
  ]);
  expect(Object.keys(document.components?.securitySchemes ?? {}).sort()).toEqual(['bearer', 'cookie']);
});

it('has an example of every body and every answer, and each fits its schema', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
  ajv.addSchema(document, 'api');
  const without: string[] = [];
  const wrong: unknown[] = [];
  for (const [name, { requestBody, responses }] of operations()) {
    const said = [requestBody, ...Object.values(responses)] as ({ content?: Content } | undefined)[];
    for (const [type, media] of said.flatMap((each) => Object.entries(each?.content ?? {}))) {
      if (!/^application\/(problem\+)?json$/.test(type)) continue;
      const example = media.example ?? media.examples?.['example']?.value;
      if (example === undefined) without.push(name);
      else if (!ajv.validate(inDocument(media.schema), example)) wrong.push([name, ajv.errorsText()]);
    }
  }
  expect({ without, wrong }).toEqual({ without: [], wrong: [] });
});

it('is served to users, as JSON, as YAML and as a page that runs no script but our own', async () => {
  const headers = gateway.bearer();
  expect(await (await gateway.fetch('/api/docs-yaml', { headers })).text()).toContain('openapi: 3.1.0');
  const page = await gateway.fetch('/api/docs', { headers });
  expect(await page.text()).toContain('swagger-ui');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  for (const path of ['', '-json', '-yaml', '/', '/swagger-ui-bundle.js', '/%2e%2e/docs-json'])
    expect([401, 404]).toContain((await gateway.fetch(`/api/docs${path}`)).status);
});
