/** The revisions that `If-Match` allows; undefined: any. A weak tag matches nothing. */
export function expectedRevisions(ifMatch: string | undefined): string[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return ifMatch.split(',').flatMap((tag) => /^"([^"]*)"$/.exec(tag.trim())?.[1] ?? []);
}
