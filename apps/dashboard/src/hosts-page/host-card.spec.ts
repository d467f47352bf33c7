import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { HostState } from '../live/hosts';
import { textOf } from '../testing/text-of';
import { sampleWatcher } from '../testing/samples';
import { HostCard } from './host-card';
import { hostStateWords, maskedWords } from './host-words';

const now = new Date(2026, 2, 1, 14, 5).getTime();
const state = (values: Partial<HostState> = {}): HostState => ({
  ...sampleWatcher({ lastSeenAt: new Date(now - 180_000).toISOString() }),
  silent: false,
  silentFor: 1000,
  reading: null,
  ...values,
});

function render(host: HostState, sessions: number | null = null): HTMLElement {
  TestBed.configureTestingModule({ providers: [provideRouter([])] });
  const fixture = TestBed.createComponent(HostCard);
  fixture.componentRef.setInput('host', host);
  fixture.componentRef.setInput('sessions', sessions);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('hostStateWords', () => {
  it('says since when a host is silent', () => {
    expect(hostStateWords(state({ silent: true }), now)).toBe('Silent since 14:02 · 3 min');
    expect(hostStateWords(state({ reading: 0.629 }), now)).toBe('Reading · 62 %');
    expect(hostStateWords(state(), now)).toBe('Live');
  });
});

describe('maskedWords', () => {
  const redacted = { total: 38, byRule: { email: 8, 'api-key': 30, none: 0 } };

  it('counts what was masked, by rule, and says when the rules are off', () => {
    expect(maskedWords(state({ redaction: '2026-11', redacted }))).toEqual({
      words: '38',
      explains: 'Rules 2026-11, since the watcher began\napi-key: 30\nemail: 8',
    });
    expect(maskedWords(state({ redaction: 'off', redacted: { total: 0, byRule: {} } }))).toEqual({
      words: '0 · rules off',
      explains: 'Only what tells of the account is masked.',
    });
    expect(maskedWords(state())).toBeNull();
  });
});

describe('HostCard', () => {
  it('shows what is read, what is not there, and what leaves the host', () => {
    const host = render(
      state({
        roots: [
          { source: 'codex', path: '/home/kim/.codex', present: true },
          { source: 'newtool', path: '/home/kim/.new', present: false },
        ],
        content: 'preview',
        redacted: { total: 38, byRule: { email: 8, 'api-key': 30, none: 0 } },
        bytesBehind: 84_211,
      }),
      12,
    );
    expect([...host.querySelectorAll('li')].map(textOf)).toEqual([
      'Codex /home/kim/.codex present',
      'newtool /home/kim/.new not there',
    ]);
    const words = textOf(host.querySelector('dl'));
    expect(words).toContain('Last sign of life now');
    expect(words).toContain('Behind 84 KB');
    expect(words).toContain('Leaves the host Previews only Secrets masked 38');
    expect(host.querySelector('dl a')?.getAttribute('href')).toBe('/?host=atlas');
  });

  it('helps where a host is silent', () => {
    const host = render(state({ silent: true, silentFor: 180_000 }));
    expect(host.querySelector('.hint')).not.toBeNull();
    expect(host.querySelector('tt-lamp')?.className).toContain('fail');
  });
});
