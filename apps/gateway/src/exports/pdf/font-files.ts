import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Weight = 'regular' | 'semibold';

/** A font's file, and how to find it. */
interface FontFile {
  readonly name: string;
  readonly file: Readonly<Record<Weight, () => string>>;
}

/**
 * Packages are looked for from the program that runs: it is built into a folder below theirs, and this file is built
 * into it.
 */
const packages = createRequire(process.argv[1] ?? join(process.cwd(), 'gateway.mjs'));

const inter = (subset: string): FontFile => ({
  name: `inter-${subset}`,
  file: {
    regular: () => packages.resolve(`@fontsource/inter/files/inter-${subset}-400-normal.woff`),
    semibold: () => packages.resolve(`@fontsource/inter/files/inter-${subset}-600-normal.woff`),
  },
});

const noto = (language: string, file: string): FontFile => {
  const path = (weight: string) =>
    join(dirname(packages.resolve(`@embedpdf/fonts-${language}`)), '..', 'fonts', `${file}-${weight}.otf`);
  return { name: `noto-${language}`, file: { regular: () => path('Regular'), semibold: () => path('Bold') } };
};

/**
 * In the order they are asked for a character: Inter as on the page, for Latin, Greek and Cyrillic; DejaVu Sans for
 * other alphabets and for signs; Noto for Chinese, Japanese and Korean. Each is read only where one needs it.
 */
export const fontFiles: readonly FontFile[] = [
  ...['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'].map(inter),
  {
    name: 'dejavu',
    file: {
      regular: () => packages.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
      semibold: () => packages.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
    },
  },
  noto('sc', 'NotoSansHans'),
  noto('kr', 'NotoSansKR'),
];

/** Undefined where its package is not installed: a document goes without that script. */
export function readFont({ file }: FontFile, weight: Weight): Buffer | undefined {
  try {
    return readFileSync(file[weight]());
  } catch {
    return undefined; // said in the document by the sign for a missing character
  }
}
