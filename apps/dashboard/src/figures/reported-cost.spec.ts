import { sampleStats } from '../testing/samples';
import { reportedCost } from './reported-cost';

const says = (costUsd: number | null, reportedCostUsd: number | null): string | undefined =>
  reportedCost(sampleStats({ costUsd, reportedCostUsd }))?.says;

describe('reportedCost', () => {
  it('says the difference in a word, from the computed figure', () => {
    expect(says(1.5, 1.52)).toBe('tool says $1.52 · +1.3 %');
    expect(says(4, 3)).toBe('tool says $3.00 · −25 %');
    expect(reportedCost(sampleStats({ costUsd: 4, reportedCostUsd: 3 }))?.explains).toBe(
      'The tool’s own figure is $3.00, $1.00 below what the API would charge: $4.00.',
    );
  });

  it('does not make a difference of a rounding', () => {
    expect(says(1.5, 1.5)).toBe('tool says the same');
    expect(says(1.5, 1.50007)).toBe('tool says the same');
    expect(says(0, 0)).toBe('tool says the same');
  });

  it('is all there is where nothing could be priced', () => {
    expect(says(null, 1.52)).toBe('tool says $1.52');
    expect(says(0, 1.52)).toBe('tool says $1.52');
    expect(says(1, null)).toBeUndefined();
  });
});
