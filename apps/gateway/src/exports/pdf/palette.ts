/** The light look of the page, on white. Series keep their colours everywhere. */
export const palette = {
  text: '#181f28',
  soft: '#4e5661',
  faint: '#737b85',
  line: '#dce0e5',
  raise: '#f1f4f7',
  amber: '#d48300',
  green: '#0f9958',
  red: '#d42f34',
  blue: '#0f74c5',
  violet: '#7853c5',
  teal: '#008b96',
} as const;

export const seriesColours = {
  input: palette.blue,
  output: palette.amber,
  cacheWrite: palette.violet,
  cacheRead: palette.teal,
} as const;
