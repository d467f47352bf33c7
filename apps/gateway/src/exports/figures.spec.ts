import { sessionSchema } from '@telltale/contracts';
import { exampleOf } from '../openapi/examples';
import { aboutSession } from './figures';

const exampleSession = sessionSchema.parse(exampleOf(sessionSchema));

const nameOfStep = (endedAt: string | null) =>
  aboutSession({ ...exampleSession, endedAt }).find(({ value }) => value === exampleSession.currentStep)
    ?.name;

it('says of a session that ended what it did last, not what it does now', () => {
  expect(nameOfStep(null)).toBe('Doing now');
  expect(nameOfStep('2026-06-01T11:00:00.000Z')).toBe('Last step');
});
