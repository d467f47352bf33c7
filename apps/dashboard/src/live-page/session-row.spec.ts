import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Summary } from '@telltale/contracts';
import { sources } from '../figures/vocabulary';
import { sampleStats, sampleSummary } from '../testing/samples';
import { SessionRow } from './session-row';

function render(values: Partial<Summary>): HTMLElement {
  TestBed.configureTestingModule({ providers: [provideRouter([])] });
  const fixture = TestBed.createComponent(SessionRow);
  fixture.componentRef.setInput('session', sampleSummary(values));
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}
const text = (host: HTMLElement): string => (host.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('SessionRow', () => {
  it('reads like a sentence', () => {
    const host = render({ stats: sampleStats({ costUsd: 4.12 }) });
    expect(text(host)).toContain('Find the race');
    expect(text(host)).toContain('storefront · main · atlas · Claude Code');
    expect(text(host)).toContain('Editing src/cart.ts');
    expect(text(host)).toContain('$4.12');
    expect(text(host)).toContain('Running');
    expect(host.querySelector('a')?.getAttribute('href')).toBe('/sessions/s1');
  });

  it('says what it waits for, in a tinted row', () => {
    const host = render({ status: 'waiting', waitingFor: 'allow Bash' });
    expect(text(host)).toContain('Waiting for you: allow Bash');
    expect(host.querySelector('a')?.classList.contains('wait')).toBe(true);
  });

  it('says what is not known as that', () => {
    const stats = sampleStats({ costUsd: null, unpricedModels: ['llama'] });
    const host = render({ title: null, project: null, branch: null, stats });
    expect(text(host)).toContain('Untitled session');
    expect(host.querySelector('.figures b')?.textContent.trim()).toBe('–');
    expect(host.querySelector('.figures b')?.getAttribute('title')).toBe('No price for llama');
  });

  it('shows the tool’s own figure where there is no other, marked as such', () => {
    const stats = sampleStats({ costUsd: null, reportedCostUsd: 1.52, unpricedModels: ['llama'] });
    const host = render({ stats });
    expect(host.querySelector('.figures b')?.textContent).toContain('~$1.52');
    expect(text(host)).toContain('by the tool’s own figure');
  });

  it.each(sources)('bears the mark of %s', (source) => {
    const marks = render({ source }).querySelector('.marks tt-source-mark path')?.getAttribute('d');
    expect(marks).toBeTruthy();
  });

  it('shows a test run’s pictures, and says of a child session that it is one', () => {
    const stats = sampleStats({ screenshots: 12 });
    const host = render({ source: 'ui-test', parentId: 'p', stats });
    expect(host.querySelector('tt-frames [role=img]')?.getAttribute('aria-label')).toBe('12 screenshots');
    expect(text(host)).toContain('child session · storefront');
  });

  it('says once that it failed', () => {
    const failed = (currentStep: string): string =>
      text(render({ status: 'failed', currentStep }).querySelector('.step') as HTMLElement);
    expect(failed('Failed: the page did not load')).toBe('Failed: the page did not load');
    TestBed.resetTestingModule();
    expect(failed('selector_not_found')).toBe('Failed: selector_not_found');
  });

  it('says how far a session came to rest', () => {
    const stats = sampleStats({ objectives: { completed: 7, total: 7 } });
    expect(text(render({ status: 'idle', stats }))).toContain('Idle after 7 of 7 objectives');
  });

  it('says what a session at rest said last', () => {
    const step = (currentStep: string): string | undefined =>
      render({ status: 'completed', currentStep }).querySelector('.step')?.textContent.trim();
    expect(step('## All tests pass.')).toBe('All tests pass.');
    TestBed.resetTestingModule();
    expect(step('```')).toBe('Completed');
  });
});
