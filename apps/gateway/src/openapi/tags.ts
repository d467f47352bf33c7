/** What belongs together, by the first words of its path; the longest that fits. */
const byPath: Readonly<Record<string, string>> = {
  '/api/auth': 'accounts',
  '/api/admin': 'administration',
  '/api/sessions': 'sessions',
  '/api/facets': 'sessions',
  '/api/search': 'sessions',
  '/api/compare': 'sessions',
  '/api/export': 'sessions',
  '/api/screenshots': 'sessions',
  '/api/analytics': 'analytics',
  '/api/budgets': 'budgets',
  '/api/alerts': 'budgets',
  '/api/pipeline': 'pipeline',
  '/api/claude-sessions': 'earlier systems',
  '/api/admin/sessions': 'earlier systems',
  '/api/sessions/watch': 'earlier systems',
  '/api/v1': 'earlier systems',
};

export const tags = [
  { name: 'sessions', description: 'What agents and test runs did and do' },
  { name: 'analytics', description: 'Sums over sessions' },
  { name: 'budgets', description: 'What may be spent, and alerts' },
  { name: 'pipeline', description: 'How far, how fast, how large' },
  { name: 'accounts', description: 'Signing in and out' },
  { name: 'administration', description: 'For administrators' },
  { name: 'earlier systems', description: 'Routes that clients of earlier systems call' },
  { name: 'health', description: 'For probes and scrapers' },
] as const;

export function tagOf(path: string): string {
  const fitting = Object.keys(byPath).filter((start) => path === start || path.startsWith(`${start}/`));
  const longest = fitting.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? 'health' : (byPath[longest] ?? 'health');
}
