import { DescribedAnswers, UndescribedAnswerError, type Answer } from './described-answers';

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const answers = new DescribedAnswers({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  components: {
    schemas: { Problem: { type: 'object', required: ['status'] } },
    responses: { Problem400: { description: 'x', content: problem } },
  },
  paths: {
    '/api/things/{id}': {
      get: {
        responses: {
          200: {
            description: 'x',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { a: { type: 'number' } },
                  required: ['a'],
                  additionalProperties: false,
                },
              },
            },
          },
          204: { description: 'x' },
          400: { $ref: '#/components/responses/Problem400' },
        },
      },
    },
    '/api/things/all': {
      get: { responses: { 200: { description: 'x', content: { 'image/*': {} } } } },
    },
  },
});

const json = 'application/json; charset=utf-8';
const thing: Answer = {
  method: 'GET',
  path: '/api/things/1',
  status: 200,
  contentType: json,
  text: '{"a":1}',
};
const told = (changes: Partial<Answer>) => () => answers.check({ ...thing, ...changes });
const bad = 'application/problem+json';

it.each<Partial<Answer>>([
  {},
  { path: '/API/Things/1/' },
  { text: undefined },
  { method: 'HEAD', text: '' },
  { status: 204, contentType: null, text: '' },
  { status: 400, contentType: bad, text: '{"status":400}' },
  { path: '/api/things/all', contentType: 'image/png', text: undefined },
  { path: '/api/nothing', status: 404, contentType: bad, text: '{}' },
  { path: '/sessions/x', contentType: 'text/html', text: undefined },
])('%j is as it is described', (changes) => {
  expect(told(changes)).not.toThrow();
});

it.each<Partial<Answer>>([
  { status: 201 },
  { text: '{"a":"1"}' },
  { text: '{"a":1,"b":2}' },
  { contentType: 'text/plain' },
  { status: 204, text: '{}' },
  { status: 400, contentType: bad, text: '{}' },
  { status: 400, contentType: json, text: '{"status":400}' },
  { path: '/api/things/all' },
  { path: '/api/nothing' },
  { path: '/api/nothing', status: 404, contentType: 'text/html' },
])('%j is not', (changes) => {
  expect(told(changes)).toThrow(UndescribedAnswerError);
});
