import type { Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { textOf } from '../testing/text-of';
import { sampleAgent, sampleSession, sampleStats, sampleSummary, sampleTokens } from '../testing/samples';
import { AgentsPanel } from './agents-panel';
import { ChildrenPanel } from './children-panel';
import { FilesPanel } from './files-panel';
import { LimitsPanel, limitName } from './limits-panel';
import { ModelsPanel } from './models-panel';
import { WaitingBanner } from './waiting-banner';

function render(component: Type<unknown>, inputs: Record<string, unknown>): HTMLElement {
  TestBed.configureTestingModule({ providers: [provideRouter([])] });
  const fixture = TestBed.createComponent(component);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}
const rows = (host: HTMLElement): string[] => [...host.querySelectorAll('li')].map(textOf);

describe('WaitingBanner', () => {
  it('says what is waited for, and where to answer', () => {
    const session = sampleSession({ status: 'waiting', waitingFor: 'allow Bash npm publish --dry-run' });
    const host = render(WaitingBanner, { session });
    expect(textOf(host).replaceAll('\u2060', '')).toContain(
      'Waiting for you: allow Bash npm publish --dry-run',
    );
    expect(textOf(host)).toContain('Claude Code · /home/alex/storefront · on atlas');
  });

  it('says that it does not know for what', () => {
    const session = sampleSession({ status: 'waiting', waitingFor: null, currentStep: null });
    expect(textOf(render(WaitingBanner, { session }))).toContain('it does not say which');
  });
});

describe('AgentsPanel', () => {
  it('tells of each agent what it is, how it does and its share', () => {
    const stats = { messages: 2, toolCalls: 3, tokens: sampleTokens(250), costUsd: 0.25 };
    const agents = [
      sampleAgent('a', { description: 'Find callers', model: 'claude-haiku-4-5', status: 'running', stats }),
    ];
    const host = render(AgentsPanel, {
      session: sampleSession({ agents, stats: sampleStats({ costUsd: 1 }) }),
    });
    expect(rows(host)[1]).toContain('Find callers 25% $0.25 Explore · running · haiku-4-5 · 250 tok');
    expect(textOf(host)).toContain('1 at work');
    expect(host.querySelectorAll('.guide')).toHaveLength(1);
  });
});

describe('ChildrenPanel', () => {
  it('links to each with figures of its own, and sums them up beside this one’s', () => {
    const children = [
      sampleSummary({ id: 'c/1', title: 'Explore', stats: sampleStats({ costUsd: 0.5, messages: 1 }) }),
      sampleSummary({ id: 'c2', stats: sampleStats({ costUsd: null, reportedCostUsd: 0.04 }) }),
    ];
    const host = render(ChildrenPanel, { session: sampleSession(), children });
    expect(host.querySelector('a')?.getAttribute('href')).toBe('/sessions/c%2F1');
    expect(rows(host)[0]).toContain('Explore $0.50 Running · 1.0K tok · 1 message');
    expect(rows(host)[1]).toContain('~$0.04');
    expect(textOf(host.querySelector('.together'))).toBe('Together with this one $1.50 · 3.0K tok');
  });
});

describe('ModelsPanel', () => {
  it('names a model without a price as one', () => {
    const tokensByModel = [
      { model: 'llama', tokens: sampleTokens(100), costUsd: null, messages: 1 },
      { model: 'opus', tokens: sampleTokens(900), costUsd: 1, messages: 2 },
    ];
    const [opus, llama] = rows(render(ModelsPanel, { session: sampleSession({ tokensByModel }) }));
    expect(opus).toBe('opus 100% $1.00 900 tok · 2 answers');
    expect(llama).toBe('llama no price 100 tok · 1 answer');
  });
});

describe('FilesPanel', () => {
  it('marks what is gone, the main file first', () => {
    const files = [
      { path: '/a/agent-x.jsonl', host: 'atlas', role: 'x', removed: true },
      { path: '/a/main.jsonl', host: 'atlas', role: 'main', removed: false },
    ];
    const agents = [sampleAgent('x', { description: 'Find callers' })];
    const host = render(FilesPanel, { session: sampleSession({ files, agents }) });
    expect(rows(host)).toEqual([
      '/a/main.jsonl Main · atlas',
      '/a/agent-x.jsonl Find callers · atlas archived: the file is gone',
    ]);
    expect(textOf(host.querySelector('.panel-head'))).toBe('Files 2 · 1 archived');
  });
});

describe('LimitsPanel', () => {
  const limit = { name: 'primary', usedPercent: 41.6, windowMinutes: 300, resetsAt: null, at: null };

  it('names a limit by its window', () => {
    const names = [300, 10_080, 90, null].map((windowMinutes) => limitName({ ...limit, windowMinutes }));
    expect(names).toEqual(['5-hour window', '7-day window', '90-minute window', 'Primary']);
  });

  it('says how much is used and when it resets', () => {
    const soon = new Date(Date.now() + 2 * 3_600_000 + 30_000).toISOString();
    const rateLimits = [
      { ...limit, resetsAt: soon },
      { ...limit, name: 'secondary', usedPercent: 97, resetsAt: '2020-01-01T00:00:00.000Z' },
      { ...limit, name: 'third', usedPercent: 97 },
    ];
    const host = render(LimitsPanel, { rateLimits });
    expect(rows(host)).toEqual([
      '5-hour window 42 % used Resets in 2 h',
      '5-hour window was 97 % used Has been reset since.',
      '5-hour window 97 % used When it resets is not known.',
    ]);
    expect([...host.querySelectorAll('li')].map((item) => item.className)).toEqual(['', 'past', 'high']);
  });
});
