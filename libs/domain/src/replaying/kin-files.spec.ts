import { fileName, kinOf, type KnownFile } from './kin-files';

const root = '/home/dev/.claude';
const file = (path: string, host = 'atlas', source: KnownFile['source'] = 'claude-code'): KnownFile => ({
  ...{ source, host, root, path: `${root}/${path}` },
});

it('finds what may stand beside a transcript, on its own host', () => {
  const names = kinOf([file('projects/-shop/s1.jsonl')], ['atlas:77', 'borealis:78']);
  const beside = [
    'projects/-shop/sessions-index.json',
    'projects/-shop/s1/custom-title.json',
    'sessions/77.json',
  ];
  expect(names).toEqual(beside.map((path) => fileName(file(path))));
});

it('finds what describes a subagent and the workflow that launched it', () => {
  const folder = 'projects/-shop/s1/subagents/wf_1';
  const names = kinOf([file(`${folder}/agent-a1.jsonl`)], []);
  const beside = [`${folder}/agent-a1.meta.json`, `${folder}/journal.jsonl`];
  expect(names).toEqual(beside.map((path) => fileName(file(path))));
});

it('finds nothing beside files of other tools', () => {
  expect(kinOf([file('sessions/2026/rollout.jsonl', 'atlas', 'codex')], ['atlas:1'])).toEqual([]);
});
