import { decodeSource } from '../../testing';
import { uiTestDecoder } from './decoder';
import { at, final, folder, report, root } from './testing/given-runs';

describe('what a line may be', () => {
  it.each([
    ['{"url":', /^not JSON/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
  ])('%s: a failure with its reason', (line, reason) => {
    expect(decodeSource(uiTestDecoder, report(line)).outcomes).toEqual([
      { ok: false, reason: expect.stringMatching(reason) as string },
    ]);
  });

  it.each([
    'logs/console.log',
    'screenshots/notes.txt',
    'screenshots/.hidden.png',
    'screenshots/deep/a.png',
    'other.json',
  ])('of %s: nothing', (name) => {
    const { outcomes, observations } = decodeSource(
      uiTestDecoder,
      at(`${folder}/${name}`, 'file.appended', final),
    );
    expect([outcomes, observations]).toEqual([[{ ok: true }], []]);
  });

  it('tells the parts of a run apart', () => {
    const roles = [folder, `${folder}/output.json`, `${folder}/screenshots/a.PNG`, `${folder}/logs/a`].map(
      (name) => uiTestDecoder.roleOf({ root, path: `${root}/${name}` }),
    );
    expect(roles).toEqual(['folder', 'main', 'screenshot', 'other']);
  });
});
