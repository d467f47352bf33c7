import { labelInName, timeInName } from './names';

const iso = (at: number | undefined) => at && new Date(at).toISOString();

it.each([
  ['session_1762316690033', '2025-11-05T04:24:50.033Z'],
  ['session_2025-11-05T04-24-54', '2025-11-05T04:24:54.000Z'],
  ['session_2025-11-05T04-24-54-123Z', '2025-11-05T04:24:54.123Z'],
  ['session_2025-11-05_04-24-54', '2025-11-05T04:24:54.000Z'],
  ['session_20251105_042454_chrome', '2025-11-05T04:24:54.000Z'],
  ['baseline_2025-11-05T04-24-54.png', '2025-11-05T04:24:54.000Z'],
  ['session_nightly', undefined],
  ['session_17623166900331', undefined],
  ['session_2025-13-45T04-24-54', undefined],
])('%s was at %s', (name, expected) => expect(iso(timeInName(name))).toBe(expected));

it.each([
  ['action_0_2025-11-05T04-24-54.png', 'action_0'],
  ['baseline_2025-11-05T04-24-54.png', 'baseline'],
  ['1762316690033-end.webp', 'end'],
  ['2025-11-05T04-24-54.png', null],
  ['checkout page.jpeg', 'checkout page'],
])('%s shows %s', (name, expected) => expect(labelInName(name)).toBe(expected));
