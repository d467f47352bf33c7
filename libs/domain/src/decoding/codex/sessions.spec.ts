import {
  codexEvent,
  codexFileWith,
  codexItem,
  codexMeta,
  codexRegisters,
  codexSessionId,
  codexTold,
  codexTurn,
  ofType,
} from '../../testing/given-codex';
import { decodeSource } from '../../testing';
import { codexDecoder } from './decoder';

const parentId = '019ed7c0-0000-7000-8000-000000000001';
const prompt = codexEvent('user_message', { message: 'Fix it' });

describe('what a session is', () => {
  it('is told by the file’s name, whatever its records say', () => {
    const told = codexTold([codexMeta({ id: parentId }), prompt]);
    expect(new Set(told.map(({ sessionId }) => sessionId))).toEqual(new Set([codexSessionId]));
  });

  it('is told by its first metadata where the name holds no id, and by the name where nothing does', () => {
    const read = (lines: readonly string[]) => {
      const file = { ...codexFileWith(lines), path: '/home/dev/.codex/sessions/copy.jsonl' };
      return decodeSource(codexDecoder, file).observations.map(({ sessionId }) => sessionId)[0];
    };
    expect(read([codexMeta(), codexMeta({ id: parentId }), prompt])).toBe(codexSessionId);
    expect(read([prompt, codexMeta()])).toBe('copy');
  });

  it('is none while there is nothing but metadata; their time is its start once something follows', () => {
    const meta = codexMeta();
    expect(ofType('activity', codexTold([meta, meta]))).toEqual([]);
    const [first, second] = ofType('activity', codexTold([meta, codexEvent('task_started', {}, 7)]));
    expect([first?.at, second?.at]).toEqual([
      Date.UTC(2026, 5, 17, 22, 47),
      Date.UTC(2026, 5, 17, 22, 47, 7),
    ]);
  });

  it('has its project from where it began, branch and version from the latest resume', () => {
    const first = codexMeta({ git: { branch: 'main' }, cli_version: '0.140.0' });
    const resumed = codexMeta({ cwd: '/elsewhere', git: { branch: 'fix' }, cli_version: '0.141.0' });
    expect(codexRegisters([first, resumed])).toMatchObject({
      projectPath: '/home/dev/shop',
      branch: 'fix',
      version: '0.141.0',
    });
  });
});

describe('forks and subagents', () => {
  const replayed = codexMeta({ id: parentId, cwd: '/parent', git: { branch: 'parents' } });

  it('a fork names its parent, and takes nothing else from its parent’s metadata', () => {
    const registers = codexRegisters([codexMeta({ forked_from_id: parentId }), replayed, prompt]);
    expect(registers).toMatchObject({ forkedFrom: parentId, projectPath: '/home/dev/shop' });
    expect(registers.branch).toBeUndefined();
  });

  it('a fork that does not say so is known by its parent’s metadata in it', () =>
    expect(codexRegisters([codexMeta(), replayed])).toMatchObject({ forkedFrom: parentId }));

  it('a copy under another name is no fork, however often it was resumed', () => {
    const other = codexMeta({ id: parentId });
    expect(codexRegisters([other, prompt, other]).forkedFrom).toBeUndefined();
  });

  it('a subagent is a session of its own with a parent, and no fork unless it says so', () => {
    const spawn = { parent_thread_id: parentId, depth: 1, agent_nickname: 'Euler', agent_role: 'explorer' };
    const meta = codexMeta({ source: { subagent: { thread_spawn: spawn } }, session_id: parentId });
    const registers = codexRegisters([meta, replayed, prompt]);
    expect(registers).toMatchObject({ parentId, agentName: 'Euler (explorer)' });
    expect(registers.forkedFrom).toBeUndefined();
  });

  it('a subagent that names nothing but the thread at the root has that for its parent', () =>
    expect(
      codexRegisters([codexMeta({ session_id: parentId, source: { subagent: 'review' } })]).parentId,
    ).toBe(parentId));

  it('a thread at the root is no subagent of itself', () =>
    expect(codexRegisters([codexMeta({ session_id: codexSessionId })]).parentId).toBeUndefined());

  it('the name of a replayed thread is not the fork’s', () => {
    const named = (id: string, name: string) =>
      codexEvent('thread_name_updated', { thread_id: id, thread_name: name });
    const lines = [codexMeta(), prompt, named(codexSessionId, 'Mine'), named(parentId, 'Theirs')];
    expect(codexRegisters(lines).customTitle).toBe('Mine');
  });
});

describe('titles, phases, models', () => {
  it.each([
    ['Fix it\nplease', 'Fix it'],
    [
      '# Context from my IDE setup:\n\n## Open tabs:\n- a.ts\n\n## My request for Codex:\nAdd a retry\n',
      'Add a retry',
    ],
  ])('the title of %j', (message, title) =>
    expect(codexRegisters([codexEvent('user_message', { message })]).firstPrompt).toBe(title),
  );

  it.each([
    { message: '<environment_context>\n  <cwd>/</cwd>\n</environment_context>' },
    { message: '# AGENTS.md instructions for /home/dev/shop\n\n<INSTRUCTIONS>' },
    { message: '/home/dev/shop', kind: 'environment_context' },
  ])('%j was typed by nobody', (payload) =>
    expect(ofType('prompt', codexTold([codexEvent('user_message', payload)]))).toEqual([]),
  );

  it('response items repeat what events tell, and are no messages', () => {
    const item = (role: string) =>
      codexItem('message', { role, content: [{ type: 'input_text', text: 'hi' }] });
    expect(codexTold([item('user'), item('assistant')]).map(({ type }) => type)).toEqual([
      'activity',
      'activity',
    ]);
  });

  it.each([
    [
      { approval_policy: 'never', sandbox_policy: { type: 'danger-full-access' } },
      'danger-full-access · never',
    ],
    [{ approval_policy: 'on-request', sandbox_policy: { mode: 'read-only' } }, 'read-only · on-request'],
    [{ sandbox_policy: { type: 'read-only' }, collaboration_mode: { mode: 'plan' } }, 'plan'],
    [{ approval_policy: 'never', collaboration_mode: { mode: 'default' } }, 'never'],
  ])('the phase of %j', (context, phase) => expect(codexRegisters([codexTurn(context)]).phase).toBe(phase));

  it('a review is a phase, and the one before is back behind it', () => {
    const turn = codexTurn({ approval_policy: 'never' });
    const entered = codexEvent('entered_review_mode', { target: { type: 'uncommittedChanges' } });
    expect(codexRegisters([turn, entered]).phase).toBe('review');
    expect(codexRegisters([turn, entered, codexEvent('exited_review_mode')]).phase).toBe('never');
  });

  it('the model is the latest turn’s; settings and metadata say it where no turn has', () => {
    const settings = codexEvent('thread_settings_applied', { thread_settings: { model: 'gpt-5.4' } });
    const meta = codexMeta({ base_instructions: { provenance: { model: 'gpt-5.2' } } });
    expect(codexRegisters([codexTurn(), codexTurn({ model: 'gpt-5.3-codex' }), settings]).model).toBe(
      'gpt-5.3-codex',
    );
    expect(codexRegisters([settings]).model).toBe('gpt-5.4');
    expect(codexRegisters([meta, settings]).model).toBe('gpt-5.2');
  });
});

describe('turns that end', () => {
  const turnEnded = (line: string) => codexRegisters([codexTurn(), prompt, line]).turnEnded;

  it('complete, aborted or failed', () => {
    expect(turnEnded(codexEvent('task_complete'))).toBe(true);
    expect(turnEnded(codexEvent('turn_aborted'))).toBe(true);
    expect(turnEnded(codexEvent('agent_message', { message: 'Hm.' }))).toBe(false);
  });

  it('an aborted turn is an interruption, once however often it is told', () => {
    const aborted = codexEvent('turn_aborted', { turn_id: 't', reason: 'interrupted' });
    const [error] = ofType('error', codexTold([codexTurn(), aborted]));
    expect(error).toMatchObject({ kind: 'interrupted', message: 'Turn aborted: interrupted' });
  });

  it.each([
    [codexEvent('error', { message: 'Lost', codex_error_info: 'other' }), 'other', 'Lost'],
    [codexEvent('error', { message: 'Lost', codex_error_info: { http: { status: 500 } } }), 'http', 'Lost'],
    [codexEvent('error', { error: { kind: 'rate_limit', message: 'Slow' } }), 'rate_limit', 'Slow'],
    [codexEvent('task_complete', { error: { message: 'No more' } }), 'turn_failed', 'No more'],
    [codexEvent('stream_error', { message: 'Retry' }), 'stream_error', 'Retry'],
  ])('%s', (line, kind, message) =>
    expect(ofType('error', codexTold([codexTurn(), line]))).toMatchObject([{ kind, message }]),
  );

  it('a compaction is one, though a record and an event tell of it', () => {
    const lines = [codexTurn(), codexLineOfCompaction(), codexEvent('context_compacted')];
    const keys = ofType('compaction', codexTold([...lines, ...lines.slice(1)])).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

function codexLineOfCompaction(): string {
  return JSON.stringify({
    timestamp: '2026-06-17T22:48:00.000Z',
    type: 'compacted',
    payload: { message: '' },
  });
}
