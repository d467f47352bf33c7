import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { SessionFacets } from '@telltale/contracts';
import { browserFetch } from '../api/telltale-api';
import { FleetStore } from '../live/fleet-store';
import { LiveConnection } from '../live/live-connection';
import { liveSocket } from '../live/live-socket';
import { FakeGateway, type Answer } from '../testing/fake-gateway';
import { FakeSocket } from '../testing/fake-socket';
import { sampleSummary } from '../testing/samples';
import { SessionFacetCounts } from './session-facets';
import { SessionPages } from './session-pages';

const facets: SessionFacets = {
  source: [
    { key: 'codex', count: 12 },
    { key: 'claude-code', count: 3 },
  ],
  host: [
    { key: 'ci', count: 14 },
    { key: 'atlas', count: 1 },
  ],
  status: [
    { key: 'idle', count: 9 },
    { key: 'running', count: 4 },
    { key: 'waiting', count: 2 },
  ],
};

@Component({ template: '', providers: [SessionFacetCounts, SessionPages] })
class Place {
  readonly facets = inject(SessionFacetCounts);
  readonly pages = inject(SessionPages);
}

describe('the filters of the Live page', () => {
  let gateway: FakeGateway;
  let facetsAnswer: Answer | undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    facetsAnswer = { body: facets };
    const items = [sampleSummary({ id: 'a' }), sampleSummary({ id: 'b', source: 'codex', host: 'ci' })];
    const list = { items, total: 2, nextCursor: null, revision: 'x' };
    gateway = new FakeGateway(({ url }) => (url.startsWith('/api/facets') ? facetsAnswer : { body: list }));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: '', component: Place }]),
        { provide: liveSocket, useValue: new FakeSocket().asSocket },
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
  });
  afterEach(() => {
    TestBed.inject(FleetStore).stop();
    TestBed.inject(LiveConnection).stop();
    jest.useRealTimers();
  });

  async function at(url: string): Promise<Place> {
    const harness = await RouterTestingHarness.create();
    const place = await harness.navigateByUrl(url, Place);
    TestBed.inject(FleetStore).start();
    await jest.advanceTimersByTimeAsync(0);
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(0);
    return place;
  }
  const shown = (options: readonly { value: string; count: number | null }[]) =>
    options.map(({ value, count }) => [value, count]);

  it('offer what is there, with how many each would show', async () => {
    const { facets } = await at('/');
    expect(shown(facets.sources())).toEqual([
      ['claude-code', 3],
      ['codex', 12],
    ]);
    expect(shown(facets.hosts())).toEqual([
      ['atlas', 1],
      ['ci', 14],
    ]);
    expect(shown(facets.statuses())).toEqual([
      ['active', 6],
      ['running', 4],
      ['waiting', 2],
      ['idle', 9],
    ]);
    expect(facets.totals()).toEqual({ source: 15, host: 15, status: 15 });
  });

  it('are kept in the address, and read from it', async () => {
    const place = await at('/?source=codex&nonsense=1');
    expect(place.pages.filter()).toEqual({ source: 'codex', host: null, status: null });
    expect(gateway.asked('/facets').at(-1)?.url).toBe('/api/facets?source=codex');
    expect(place.pages.sorted().map((session) => session.id)).toEqual(['b']);
    place.pages.choose('host', 'ci');
    await jest.advanceTimersByTimeAsync(0);
    expect(TestBed.inject(Router).url).toBe('/?source=codex&nonsense=1&host=ci');
    expect(place.pages.filter().host).toBe('ci');
    place.pages.clear();
    await jest.advanceTimersByTimeAsync(0);
    expect(TestBed.inject(Router).url).toBe('/?nonsense=1');
  });

  it('keep what is chosen although it shows nothing', async () => {
    const { facets } = await at('/?source=gemini&host=gone&status=failed');
    expect(shown(facets.sources()).at(-1)).toEqual(['gemini', 0]);
    expect(shown(facets.hosts())).toContainEqual(['gone', 0]);
    expect(shown(facets.statuses()).at(-1)).toEqual(['failed', 0]);
  });

  it('offer what the page has seen, uncounted, where the counts cannot be had', async () => {
    facetsAnswer = { status: 503, body: { title: 'Unavailable' } };
    const { facets } = await at('/');
    expect(shown(facets.sources())).toEqual([
      ['claude-code', null],
      ['codex', null],
    ]);
    expect(shown(facets.hosts())).toEqual([
      ['atlas', null],
      ['ci', null],
    ]);
    expect(facets.totals().source).toBeNull();
  });
});
