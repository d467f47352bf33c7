/**
 * `telltale-<what>.<ending>` of plain characters only: what comes from a transcript can name no folder, hide no
 * ending and break no header.
 */
export function fileName(what: string, ending: string): string {
  const plain = what
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 100);
  return `telltale-${plain || 'export'}.${ending}`;
}
