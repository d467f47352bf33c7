const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,284`. */
export function formatCount(value: number): string {
  return whole.format(Math.round(value));
}

/** Tokens in few characters: `812`, `9.4K`, `179K`, `45.2M`, `1.2B`. */
export function formatTokens(value: number): string {
  const rounded = Math.round(value);
  if (Math.abs(rounded) < 1000) return String(rounded);
  if (Math.abs(rounded) < 999_500) return scaled(rounded, 1e3, 'K');
  if (Math.abs(rounded) < 999_500_000) return scaled(rounded, 1e6, 'M');
  return scaled(rounded, 1e9, 'B');
}

function scaled(value: number, unit: number, suffix: string): string {
  const amount = value / unit;
  return amount.toFixed(Math.abs(amount) < (suffix === 'K' ? 9.95 : 99.95) ? 1 : 0) + suffix;
}

/** US dollars: `$56.51`, `$1,204.00`; below a cent as many digits as say something: `$0.0042`. */
export function formatMoney(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 4 : 2;
  const amount = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${value < 0 ? '−' : ''}$${amount}`;
}

/** `92%`; 0.4 % is `<1%`, and only all of it is 100 %. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0%';
  const share = (100 * part) / whole;
  if (share < 1) return '<1%';
  return `${part >= whole ? 100 : Math.min(99, Math.round(share))}%`;
}

/** `1 prompt`, `18 prompts`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Bytes in few characters: `812 B`, `84 KB`, `1.2 MB`, `3.4 GB`. Decimal units, as file managers say them. */
export function formatBytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  const [unit, suffix] = value < 999_500 ? [1e3, 'KB'] : value < 999_500_000 ? [1e6, 'MB'] : [1e9, 'GB'];
  const amount = value / unit;
  return `${amount.toFixed(amount < 9.95 ? 1 : 0)} ${suffix}`;
}

/** A difference in percent with its sign: `+1.3 %`, `−12 %`. */
export function formatDifference(share: number): string {
  const percent = Math.abs(100 * share);
  return `${share < 0 ? '−' : '+'}${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
