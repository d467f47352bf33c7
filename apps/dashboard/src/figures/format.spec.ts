import {
  counted,
  formatBytes,
  formatCount,
  formatDifference,
  formatMoney,
  formatShare,
  formatTokens,
} from './format';

describe('format', () => {
  it('counts', () => {
    expect([0, 1284, 1234567.4].map(formatCount)).toEqual(['0', '1,284', '1,234,567']);
    expect([counted(1, 'entry', 'entries'), counted(1200, 'prompt')]).toEqual(['1 entry', '1,200 prompts']);
  });

  it('says tokens in few characters', () => {
    const values = [
      0, 999, 1000, 9949, 45_000, 179_400, 999_499, 999_500, 3_100_000, 45_200_000, 999_499_999,
      1_200_000_000,
    ];
    expect(values.map(formatTokens)).toEqual([
      '0', '999', '1.0K', '9.9K', '45K', '179K', '999K', '1.0M', '3.1M', '45.2M', '999M', '1.2B',
    ]); // prettier-ignore
  });

  it('says money with as many digits as say something', () => {
    expect([0, 0.0042, 0.01, 56.514, 1204].map(formatMoney)).toEqual([
      '$0.00',
      '$0.0042',
      '$0.01',
      '$56.51',
      '$1,204.00',
    ]);
  });

  it('never rounds a part to all or nothing', () => {
    expect([formatShare(0, 0), formatShare(1, 1000), formatShare(999, 1000), formatShare(5, 5), formatShare(1, 3)]).toEqual([
      '0%', '<1%', '99%', '100%', '33%',
    ]); // prettier-ignore
  });

  it('says sizes and differences', () => {
    expect([0, 812, 84_000, 9_940, 999_499, 999_500, 3_400_000_000].map(formatBytes)).toEqual([
      '0 B', '812 B', '84 KB', '9.9 KB', '999 KB', '1.0 MB', '3.4 GB',
    ]); // prettier-ignore
    expect([0.0131, -0.12, 2].map(formatDifference)).toEqual(['+1.3 %', '−12 %', '+200 %']);
  });
});
