import { exampleSession, exampleSummary } from '../testing/examples';
import { earlierFieldsSchema, servedSessionSchema, withEarlierFields } from './earlier-fields';

describe('the optimizer dashboard’s names', () => {
  it('say what the summary says, beside it', () => {
    const served = withEarlierFields(exampleSession);
    expect(servedSessionSchema.parse(served)).toEqual(served);
    expect(earlierFieldsSchema.parse(served)).toEqual({
      projectName: 'billing-api',
      startTime: '2026-06-01T10:00:00.000Z',
      duration: 42 * 60_000 + 11_512,
      cost: 1.234567890123,
    });
    expect(served).toMatchObject(exampleSession);
  });

  it('have a duration also where a time is missing or records disagree', () => {
    const of = (changes: object) => withEarlierFields({ ...exampleSummary, ...changes });
    expect(of({ lastActivityAt: null }).duration).toBe(0);
    expect(of({ startedAt: null })).toMatchObject({ duration: 0, startTime: null });
    expect(of({ lastActivityAt: '2026-06-01T09:00:00.000Z' }).duration).toBe(0);
    expect(of({ project: null }).projectName).toBeNull();
  });
});
