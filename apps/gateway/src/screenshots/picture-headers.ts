import type { PictureType } from '@telltale/contracts';
import type { Picture } from './pictures';

const endings: Record<PictureType, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
};

/** A tag that names exactly these bytes. Who names them in the address too never has to ask again. */
export function cachingOf(
  { sha256 }: Picture,
  v: string | undefined,
): { etag: string; 'cache-control': string } {
  const isNamed = v !== undefined && v.length >= 12 && sha256.startsWith(v);
  return {
    etag: `"${sha256}"`,
    'cache-control': isNamed ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  };
}

/** Whatever the bytes are, a browser shall see nothing in them but a picture. */
export function headersOf({ mediaType, bytes, filename }: Picture): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-length': String(bytes),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': `inline; filename="${safeName(filename, mediaType)}"`,
    'accept-ranges': 'none',
  };
}

/** The name to save it under: plain characters, and the ending of what it is. */
export function safeName(filename: string, mediaType: PictureType): string {
  const stem = filename
    .replace(/\.(?:png|jpe?g|webp)$/i, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .slice(0, 100);
  return `${stem || 'picture'}${endings[mediaType]}`;
}
