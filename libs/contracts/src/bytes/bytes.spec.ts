import * as fc from 'fast-check';
import { factsStream } from '../facts/streams';
import { bytesChunkBytes, bytesStream, chunkCount, chunkLength } from './stream';
import { bytesSubject, hostBytesFilter } from './subjects';

const sha256 = 'ab'.repeat(32);

it('a chunk lies below its host and hash, whatever the host is called', () => {
  expect(bytesSubject({ host: 'desk.local', sha256, chunk: 7 })).toBe(
    `telltale.bytes.desk%2Elocal.${sha256}.7`,
  );
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'binary' }).filter((host) => host.isWellFormed()),
      (host) => {
        const subject = bytesSubject({ host, sha256, chunk: 0 });
        expect(subject.split('.')).toHaveLength(5);
        expect(subject.startsWith(hostBytesFilter(host).replace(/>$/, ''))).toBe(true);
        expect(subject).not.toMatch(/[\s*>]/);
      },
    ),
  );
});

it('chunks are a whole taken apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * bytesChunkBytes }), (bytes) => {
      const lengths = Array.from({ length: chunkCount(bytes) }, (_, chunk) => chunkLength(bytes, chunk));
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(bytes);
      expect(lengths.every((length) => length > 0 && length <= bytesChunkBytes)).toBe(true);
    }),
  );
});

it('the stream is as safe as the log', () => {
  const { name: _, subjects: __, ...settings } = bytesStream;
  const { name: ___, subjects: ____, ...ofTheLog } = factsStream;
  expect(settings).toEqual(ofTheLog);
});
