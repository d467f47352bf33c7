import type { PictureType } from '@telltale/contracts';
import { jpeg } from './jpeg';
import type { PictureFormat } from './picture-bytes';
import { png } from './png';
import { webp } from './webp';

/** `half`: so begins a picture, but its end is not there (yet). `other`: no picture that browsers can be given. */
export type Inspected =
  | {
      readonly kind: 'whole';
      readonly mediaType: PictureType;
      readonly width: number | null;
      readonly height: number | null;
    }
  | { readonly kind: 'half' }
  | { readonly kind: 'other' };

const formats: readonly PictureFormat[] = [png, jpeg, webp];

/** Tells by its content what a file is, and whether all of it is there. Its name says nothing. */
export function inspectPicture(bytes: Buffer): Inspected {
  const format = formats.find((one) => one.begins(bytes));
  if (format === undefined) return { kind: 'other' };
  const size = format.sizeOfWhole(bytes);
  if (size === undefined) return { kind: 'half' };
  return { kind: 'whole', mediaType: format.mediaType, width: sound(size.width), height: sound(size.height) };
}

/** What no picture is wide or high is not known. */
function sound(pixels: number | null): number | null {
  return pixels !== null && pixels > 0 && pixels <= 1_000_000 ? pixels : null;
}
