import { message, session, sessionId, shownAfter, started, told } from './testing/given-elements';

describe('a session', () => {
  it('says what it is called, where it is, who started it, and that it is archived', () => {
    const { summary, detail } = shownAfter(
      session({
        title: 'Mend the build',
        directory: '/home/dev/shop',
        version: '1.2.26',
        parentID: 'ses_parent',
        share: { url: 'https://opencode.ai/s/abc' },
        time: { created: started, updated: started + 5002, archived: started + 5000 },
      }),
    );
    expect(summary).toMatchObject({
      title: 'Mend the build',
      project: { path: '/home/dev/shop', name: 'shop' },
      parentId: 'ses_parent',
      status: 'completed',
      startedAt: new Date(started).toISOString(),
    });
    expect(detail.links).toEqual([
      { kind: 'share', label: 'Shared session', url: 'https://opencode.ai/s/abc' },
    ]);
  });

  it('goes on when something happens after it was archived', () => {
    const archived = session({
      time: { created: started, updated: started + 5000, archived: started + 5000 },
    });
    const later = message({ role: 'user', time: { created: started + 6000 } });
    expect(shownAfter(archived, later).summary.status).toBe('running');
  });

  it('has a stand-in for a title until there is one', () => {
    const standIn = session({ title: 'New session - 2026-03-01T09:00:00.000Z' });
    expect(shownAfter(standIn).summary.title).toBe('New session - 2026-03-01T09:00:00.000Z');
    const titled = session({ title: 'Mend the build', time: { created: started, updated: started + 100 } });
    expect(shownAfter(titled, standIn).summary.title).toBe('Mend the build');
  });

  it('is no session of its own, and no parent of itself', () => {
    expect(told('activity', session({ time: {} }))).toEqual([]);
    expect(shownAfter(session({ parentID: sessionId })).summary.parentId).toBeNull();
  });

  it('is known by its messages alone, at the folder they name', () => {
    const answer = message({ role: 'assistant', path: { cwd: '/home/dev/shop' }, agent: 'plan' });
    expect(shownAfter(answer).summary).toMatchObject({ project: { path: '/home/dev/shop' }, phase: 'plan' });
    const elsewhere = session({ directory: '/home/dev', time: { created: started, updated: started } });
    expect(shownAfter(elsewhere, answer).summary.project?.path).toBe('/home/dev');
  });
});
