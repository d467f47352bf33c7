import { factHeaderPrefix } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { takesLong } from './takes-long';

function fact(bytes: number, headers: Readonly<Record<string, string>> = {}): FactMessage {
  const header = (name: string) => headers[name.slice(factHeaderPrefix.length)];
  return { subject: 's', sequence: 1, time: 1, body: new Uint8Array(bytes), header };
}
const appended = (bytes: number) => fact(bytes, { type: 'telltale.file.appended.v1' });

describe('facts that keep no others waiting', () => {
  it('are many bytes, those of a long line, and those that a picture is read for', () => {
    expect(takesLong([appended(64 * 1024), appended(65 * 1024)])).toBe(true);
    expect(takesLong([appended(10), fact(10, { type: 'telltale.file.appended.v1', part: '9/9' })])).toBe(
      true,
    );
    expect(takesLong([appended(10), fact(10, { type: 'telltale.attachment.added.v1' })])).toBe(true);
  });

  it('are not a few lines', () => {
    expect(takesLong([appended(64 * 1024), appended(64 * 1024), fact(0)])).toBe(false);
  });
});
