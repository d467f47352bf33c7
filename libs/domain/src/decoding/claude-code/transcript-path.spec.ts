import { claudeTranscript } from './transcript-path';

const root = '/home/dev/.claude';
const slug = `${root}/projects/-home-dev-shop`;
const sid = '0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f';

describe('what a file below a root is', () => {
  it.each([
    [`${slug}/${sid}.jsonl`, { kind: 'main', sessionId: sid, orderingKey: sid }],
    [
      `${slug}/agent-41be4aa9.jsonl`,
      {
        kind: 'agent',
        sessionId: null,
        agentId: '41be4aa9',
        workflowId: null,
        orderingKey: `${slug}/agent-41be4aa9.jsonl`,
      },
    ],
    [
      `${slug}/${sid}/subagents/agent-a1.jsonl`,
      { kind: 'agent', sessionId: sid, agentId: 'a1', workflowId: null, orderingKey: sid },
    ],
    [
      `${slug}/${sid}/subagents/workflows/wf_1/agent-a1.jsonl`,
      { kind: 'agent', sessionId: sid, agentId: 'a1', workflowId: 'wf_1', orderingKey: sid },
    ],
    [
      `${slug}/${sid}/subagents/agent-a1.meta.json`,
      { kind: 'agent-meta', sessionId: sid, agentId: 'a1', workflowId: null, orderingKey: sid },
    ],
    [
      `${slug}/${sid}/subagents/workflows/wf_1/journal.jsonl`,
      { kind: 'workflow-journal', sessionId: sid, workflowId: 'wf_1', orderingKey: sid },
    ],
    [`${slug}/${sid}/custom-title.json`, { kind: 'custom-title', sessionId: sid, orderingKey: sid }],
    [`${slug}/sessions-index.json`, { kind: 'sessions-index', orderingKey: `${slug}/sessions-index.json` }],
    [`${root}/sessions/4711.json`, { kind: 'process', pid: 4711, orderingKey: `${root}/sessions/4711.json` }],
    [`${root}/history.jsonl`, { kind: 'history', orderingKey: `${root}/history.jsonl` }],
  ])('%s', (path, expected) => expect(claudeTranscript(root, path)).toEqual(expected));

  it.each([
    `${slug}/${sid}/tool-results/x.txt`,
    `${slug}/${sid}/workflows/wf_1.json`,
    `${slug}/notes.md`,
    `${slug}/.jsonl`,
    `${root}/sessions/4711.key`,
    `${root}/sessions/x.json`,
    `${root}/projects/history.jsonl`,
    `${root}/settings.json`,
  ])('%s is nothing of ours', (path) => expect(claudeTranscript(root, path).kind).toBe('other'));

  it('finds its way without a root, with a trailing slash, and on Windows', () => {
    expect(claudeTranscript('', `${slug}/${sid}.jsonl`).kind).toBe('main');
    expect(claudeTranscript(`${root}/`, `${slug}/${sid}.jsonl`).kind).toBe('main');
    expect(
      claudeTranscript('C:\\Users\\dev\\.claude', `C:\\Users\\dev\\.claude\\projects\\C--shop\\${sid}.jsonl`),
    ).toMatchObject({ kind: 'main', sessionId: sid });
  });
});
