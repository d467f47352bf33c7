import type { Screenshot } from '@telltale/contracts';
import fc from 'fast-check';
import { sampleMessage, sampleScreenshot, sampleSession } from '../testing/samples';
import { applyToSession, applyToSummary, summaryOf } from './apply-changes';

const shots = (...numbers: number[]): Screenshot[] => numbers.map((n) => sampleScreenshot(n));
const filenames = (screenshots: readonly Screenshot[]): string[] => screenshots.map((s) => s.filename);

describe('applyToSession', () => {
  it('replaces what is named, keeps what is not, and leaves messages to the feed', () => {
    const session = sampleSession({ screenshots: shots(1) });
    const next = applyToSession(session, { branch: 'fix', host: undefined, messages: [sampleMessage(1)] });
    expect(next).toEqual({ ...session, branch: 'fix' });
  });

  it('adds screenshots to those that are there', () => {
    const session = sampleSession({ screenshots: shots(0, 1) });
    const next = applyToSession(session, { screenshots: shots(2) });
    expect(filenames(next.screenshots)).toEqual(['action_0.png', 'action_1.png', 'action_2.png']);
    expect(next.screenshots[0]).toBe(session.screenshots[0]); // a picture on the page is not drawn anew
  });

  it('changes the one that has the same id, in the order in which they were taken', () => {
    const session = sampleSession({ screenshots: shots(0, 1, 2) });
    const earlier = sampleScreenshot(2, { label: 'start', at: '2026-03-01T09:59:00.000Z' });
    const next = applyToSession(session, { screenshots: [earlier] });
    expect(next.screenshots.map((shot) => [shot.id, shot.label])).toEqual([
      ['shot2', 'start'],
      ['shot0', 'action_0'],
      ['shot1', 'action_1'],
    ]);
  });

  it('is untouched by a delta that names no screenshot', () => {
    const session = sampleSession({ screenshots: shots(0) });
    expect(applyToSession(session, { branch: 'x' }).screenshots).toBe(session.screenshots);
    expect(applyToSession(session, { screenshots: [] }).screenshots).toBe(session.screenshots);
  });

  it('law: however they are split over deltas, the last word on each is what is shown, in order of time', () => {
    const changed = fc
      .tuple(fc.nat(8), fc.option(fc.nat(5)), fc.string({ maxLength: 3 }))
      .map(([n, second, label]) =>
        sampleScreenshot(n, { label, at: second === null ? null : `2026-03-01T10:00:0${second}.000Z` }),
      );
    fc.assert(
      fc.property(fc.array(fc.array(changed, { maxLength: 4 }), { maxLength: 6 }), (deltas) => {
        const empty = sampleSession();
        const { screenshots } = deltas.reduce(
          (session, added) => applyToSession(session, { screenshots: added }),
          empty,
        );
        const last = new Map(deltas.flat().map((shot) => [shot.id, shot]));
        const key = (shot: Screenshot): string => `${shot.at ?? ''}\n${shot.filename}`;
        expect(screenshots).toEqual([...last.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
      }),
    );
  });
});

describe('applyToSummary', () => {
  it('keeps to the fields of a summary', () => {
    const summary = summaryOf(sampleSession());
    expect(applyToSummary(summary, { screenshots: shots(1), branch: 'x' })).toEqual({
      ...summary,
      branch: 'x',
    });
  });
});
