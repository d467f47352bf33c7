import { decodeSource } from '../../testing';
import { uiTestDecoder } from './decoder';
import { at, attachment, folder, folderFile, picture, shown } from './testing/given-runs';

describe('pictures', () => {
  it('of one name are the one written last', () => {
    const newer = { modifiedAt: attachment.modifiedAt + 300, sha256: 'cd'.repeat(32), bytes: 77 };
    const [screenshot, ...others] = shown(folderFile, picture(newer), picture()).screenshots;
    expect(others).toEqual([]);
    expect(screenshot).toMatchObject({ bytes: 77 });
    expect(screenshot?.url).toMatch(/^\/api\/screenshots\/[0-9a-f]{32}\?v=cdcdcdcdcdcd$/);
  });

  it('of one name are the one written last, whatever time the name states and whichever picture sorts first', () => {
    const [first, hour] = [attachment.modifiedAt, 3_600_000];
    for (const sha256 of ['00'.repeat(32), 'ff'.repeat(32)]) {
      const written = picture({ modifiedAt: first + hour, sha256, bytes: 77 });
      const again = picture({ modifiedAt: first + 2 * hour, sha256: '77'.repeat(32), bytes: 78 });
      for (const files of [
        [picture(), written, again],
        [again, written, picture()],
      ]) {
        const [screenshot] = shown(folderFile, ...files).screenshots;
        expect(screenshot).toMatchObject({ bytes: 78, at: '2025-11-05T04:24:58.000Z' });
      }
    }
  });

  it('that were left out are an error that says why', () => {
    const refused = {
      filename: 'huge.png',
      refused: 'too-large',
      bytes: 99,
      limitBytes: 50,
      modifiedAt: 1762316694000,
    };
    const line = { element: 'screenshots/huge.png', value: refused };
    const run = shown(folderFile, at(`${folder}/screenshots/huge.png`, 'file.replaced', line));
    expect(run).toMatchObject({
      stats: { screenshots: 0, errors: 1 },
      errors: [
        {
          kind: 'screenshot_refused',
          message: 'huge.png is not shown: it has 99 bytes, more than the limit of 50',
        },
      ],
    });
  });

  it.each([
    [{ sha256: '../../etc/passwd' }, /^attachment: sha256: /],
    [{ mediaType: 'text/html' }, /^attachment: mediaType: /],
    [{ bytes: 0 }, /^attachment: bytes: /],
    [{ width: -1 }, /^attachment: width: /],
  ])('%j: a failure with its reason', (changes, reason) => {
    const { outcomes, observations } = decodeSource(uiTestDecoder, picture(changes));
    expect(outcomes).toEqual([{ ok: false, reason: expect.stringMatching(reason) as string }]);
    expect(observations).toEqual([]);
  });
});
