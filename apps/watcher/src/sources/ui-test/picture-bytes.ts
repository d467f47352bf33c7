import type { PictureType } from '@telltale/contracts';

/** How pictures of one format are told by their bytes. */
export interface PictureFormat {
  readonly mediaType: PictureType;
  /** Whether bytes begin as such a picture does, as far as they go. */
  begins(bytes: Buffer): boolean;
  /** Pixels of a picture that is whole; undefined where its end is missing. */
  sizeOfWhole(bytes: Buffer): PictureSize | undefined;
}

/** Pixels; null where the picture does not state them. */
export interface PictureSize {
  readonly width: number | null;
  readonly height: number | null;
}
