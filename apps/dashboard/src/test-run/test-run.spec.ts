import type { Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { TestAction, TestReport } from '@telltale/contracts';
import { textOf } from '../testing/text-of';
import { sampleTest } from '../testing/samples';
import { TestIssues } from './test-issues';
import { TestResult } from './test-result';
import { TestSteps } from './test-steps';
import { medianMs, methodsOf, scoresOf, wordsOf } from './test-words';

const action = (index: number, values: Partial<TestAction> = {}): TestAction => ({
  index,
  action: 'press',
  target: null,
  key: 'ArrowUp',
  at: null,
  durationMs: 100 * (index + 1),
  success: true,
  ...values,
});
const actions = (count: number): TestAction[] => Array.from({ length: count }, (_, i) => action(i));

function render(component: Type<unknown>, test: Partial<TestReport>): HTMLElement {
  const fixture = TestBed.createComponent(component);
  fixture.componentRef.setInput('test', sampleTest(test));
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('the words of a test run', () => {
  it('name scores and kinds as people do', () => {
    expect(['selector_not_found', 'llm', 'cua_step', ''].map(wordsOf)).toEqual([
      'Selector not found',
      'LLM',
      'CUA step',
      '',
    ]);
    const scores = scoresOf(
      sampleTest({ playability: 0.9, scores: { heuristic_score: 1.2, llm_score: -1, score: Number.NaN } }),
    );
    expect(scores).toEqual([
      { name: 'Playability', value: 0.9 },
      { name: 'Heuristic', value: 1 },
      { name: 'LLM', value: 0 },
    ]);
  });

  it('count the ways of acting, the most frequent first', () => {
    expect(methodsOf(sampleTest({ methods: { cua: 0, dom: 1, none: 2 } })).map((m) => m.written)).toEqual([
      'none',
      'dom',
    ]);
    expect(medianMs(sampleTest({ actions: [action(0), action(5), action(1, { durationMs: null })] }))).toBe(
      100,
    );
    expect(medianMs(sampleTest())).toBeNull();
  });
});

describe('TestResult', () => {
  it('says how it ended, with scores as numbers beside their bars', () => {
    const host = render(TestResult, { result: 'fail', playability: 0.34, scores: { final_score: 0.3 } });
    expect(textOf(host.querySelector('.verdict'))).toBe('Failed');
    expect(textOf(host)).toContain('took 13 s');
    expect([...host.querySelectorAll('.number')].map(textOf)).toEqual(['0.34', '0.30']);
    expect(host.querySelectorAll('.bar .low')).toHaveLength(2);
  });

  it('tells what its model used', () => {
    const llm = { calls: 6, inputTokens: 38_200, outputTokens: 2800, estimatedCostUsd: 0.09 };
    expect(textOf(render(TestResult, { llm }))).toContain(
      'Calls 6 Tokens in 38K Tokens out 2.8K Estimated cost $0.09',
    );
  });

  it('links to web pages only', () => {
    expect(render(TestResult, {}).querySelector('a')?.getAttribute('href')).toBe(
      'https://games.example/snake',
    );
    const hostile = render(TestResult, { url: 'javascript:alert(1)' });
    expect(hostile.querySelector('a')).toBeNull();
    expect(textOf(hostile)).toContain('javascript:alert(1)');
  });
});

describe('TestSteps', () => {
  it('numbers from 1, and shows what failed and why', () => {
    const issue = { type: 'selector_not_found', description: 'x', at: null, actionIndex: 1 };
    const host = render(TestSteps, { actions: [action(0), action(1, { success: false })], issues: [issue] });
    const rows = [...host.querySelectorAll('li')].map(textOf);
    expect(rows[0]).toBe('1 press ArrowUp, done 0.1 s');
    expect(rows[1]).toContain('2 press ArrowUp, failed Selector not found');
    expect(textOf(host.querySelector('.faint'))).toBe('2 · 1 failure · median 0.1 s');
  });

  it('shows the latest steps of a run that goes on, and the first of one that is over', () => {
    const numbers = (host: HTMLElement): (string | null)[] =>
      [...host.querySelectorAll('.number')].map((number) => number.textContent);
    const running = numbers(render(TestSteps, { result: 'running', actions: actions(30) }));
    expect([running.length, running.at(-1)]).toEqual([20, '30']);
    const failed = action(29, { success: false });
    const over = numbers(render(TestSteps, { actions: [...actions(29), failed] }));
    expect([over[0], over.length, over.at(-1)]).toEqual(['1', 21, '30']);
  });

  it('shows all when asked to', () => {
    const host = render(TestSteps, { actions: actions(30) });
    host.querySelector('button')?.click();
    TestBed.tick();
    expect(host.querySelectorAll('li')).toHaveLength(30);
  });
});

describe('TestIssues', () => {
  it('names the step in which it was', () => {
    const issues = [
      { type: 'action_timeout', description: 'too long', at: '2026-03-01T10:00:00.000Z', actionIndex: 0 },
      { type: 'issue', description: 'grey screen', at: null, actionIndex: null },
    ];
    const host = render(TestIssues, { actions: actions(1), issues });
    const [first, second] = [...host.querySelectorAll('li')].map(textOf);
    expect(first).toContain('Action timeout too long Step 1 · press ArrowUp');
    expect(second).toBe('Issue grey screen');
  });

  it('says that there is none', () => {
    expect(textOf(render(TestIssues, {}))).toContain('Nothing went wrong in this run.');
    expect(textOf(render(TestIssues, { result: 'running' }))).toContain('None so far.');
  });
});
