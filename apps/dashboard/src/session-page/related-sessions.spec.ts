import { TestBed } from '@angular/core/testing';
import type { Session, Summary } from '@telltale/contracts';
import { browserFetch } from '../api/telltale-api';
import { FleetStore } from '../live/fleet-store';
import { liveSocket } from '../live/live-socket';
import { SessionStore } from '../live/session-store';
import { FakeGateway } from '../testing/fake-gateway';
import { FakeSocket } from '../testing/fake-socket';
import { sampleSession, sampleSummary } from '../testing/samples';
import { RelatedSessions } from './related-sessions';

describe('RelatedSessions', () => {
  let gateway: FakeGateway;
  let children: Summary[] = [];
  const known = new Map<string, Session>();

  function follow(session: Session): Promise<void> {
    TestBed.inject(SessionStore).session.set(session);
    return TestBed.inject(RelatedSessions).follow(session);
  }
  const related = () => TestBed.inject(RelatedSessions);

  beforeEach(() => {
    children = [];
    known.clear();
    gateway = new FakeGateway(({ url }) => {
      if (url.startsWith('/api/sessions?')) {
        return { body: { items: children, total: children.length, nextCursor: null, revision: 'x' } };
      }
      const session = known.get(decodeURIComponent(url.split('/').at(-1) ?? ''));
      return session ? { body: session } : { status: 404, body: { title: 'Not found' } };
    });
    TestBed.configureTestingModule({
      providers: [
        RelatedSessions,
        SessionStore,
        { provide: liveSocket, useValue: new FakeSocket().asSocket },
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
  });

  it('finds the parent and the one it was forked from, and asks once', async () => {
    known.set('p/1', sampleSession({ id: 'p/1', title: 'Parent' }));
    known.set('f', sampleSession({ id: 'f', title: 'Origin' }));
    const session = sampleSession({ parentId: 'p/1', forkedFrom: 'f' });
    await follow(session);
    await follow(session);
    expect(related().parent()?.session?.title).toBe('Parent');
    expect(related().forkedFrom()?.session?.title).toBe('Origin');
    expect(gateway.requests).toHaveLength(3);
  });

  it('says of one that is not known that it is not', async () => {
    await follow(sampleSession({ parentId: 'REDACTED' }));
    expect(related().parent()).toEqual({ id: 'REDACTED', session: null });
    expect(related().forkedFrom()).toBeNull();
  });

  it('does not call one unknown because nothing answers', async () => {
    gateway.answer = () => undefined;
    await follow(sampleSession({ forkedFrom: 'f' }));
    expect(related().forkedFrom()).toEqual({ id: 'f', session: undefined });
  });

  it('lists the children in the order of their start, and keeps them current', async () => {
    children = ['2026-03-01T11:00:00.000Z', '2026-03-01T10:30:00.000Z'].map((startedAt, n) =>
      sampleSummary({ id: `c${n}`, parentId: 's1', startedAt }),
    );
    await follow(sampleSession());
    expect(gateway.asked('/sessions?parent=s1')).toHaveLength(1);
    expect(
      related()
        .children()
        .map((child) => child.id),
    ).toEqual(['c1', 'c0']);
    TestBed.inject(FleetStore).add([sampleSummary({ id: 'c2', parentId: 's1', startedAt: null })]);
    TestBed.inject(FleetStore).add([sampleSummary({ id: 'other', parentId: null })]);
    expect(
      related()
        .children()
        .map((child) => child.id),
    ).toEqual(['c2', 'c1', 'c0']);
  });
});
