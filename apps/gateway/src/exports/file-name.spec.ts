import fc from 'fast-check';
import { fileName } from './file-name';

it('holds plain characters and one dot, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (what) => {
      expect(fileName(what, 'csv')).toMatch(/^telltale-[A-Za-z0-9_-]{1,100}\.csv$/);
    }),
  );
  expect(fileName('../../etc/passwd"\r\nx: y', 'md')).toBe('telltale-etc_passwd_x_y.md');
  expect(fileName('…', 'pdf')).toBe('telltale-export.pdf');
  expect(fileName('run 1@atlas', 'json')).toBe('telltale-run_1_atlas.json');
});
