import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import { LiveConnection, type ConnectionState } from '../live/live-connection';
import { ConnectionBadge } from './connection-badge';

describe('ConnectionBadge', () => {
  const state = signal<ConnectionState>({ kind: 'live' });
  const latencyMs = signal<number | null>(null);

  function text(): string {
    TestBed.configureTestingModule({
      providers: [{ provide: LiveConnection, useValue: { state, latencyMs, lastHeardAt: signal(null) } }],
    });
    const fixture = TestBed.createComponent(ConnectionBadge);
    TestBed.tick();
    const words = ((fixture.nativeElement as HTMLElement).textContent ?? '').replace(/\s+/g, ' ').trim();
    TestBed.resetTestingModule();
    return words;
  }

  it('says the state in words, with attempts and latency', () => {
    expect(text()).toBe('Live');
    latencyMs.set(9.04);
    expect(text()).toBe('Live 9.0 ms');
    state.set({ kind: 'connecting', attempt: 1 });
    expect(text()).toBe('Connecting');
    state.set({ kind: 'connecting', attempt: 3 });
    expect(text()).toBe('Connecting · attempt 3');
    state.set({ kind: 'polling', attempt: 6 });
    expect(text()).toBe('Polling · attempt 6');
    state.set({ kind: 'error', attempt: 7, reason: 'x' });
    expect(text()).toBe('Error · attempt 7');
    state.set({ kind: 'offline' });
    expect(text()).toBe('Offline');
  });
});
