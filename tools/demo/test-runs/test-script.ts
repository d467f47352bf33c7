/** Paints what is seen at the moment, as a PNG. */
export type Picture = () => Buffer;

/** One step of a test's sequence. */
export interface TestStep {
  readonly action: 'wait' | 'click' | 'press' | 'type' | 'screenshot' | 'agent';
  readonly target?: string;
  readonly key?: string;
  readonly ms: number;
  /** What is seen after it; no picture is taken where nothing is said. */
  readonly shows?: Picture;
  readonly fails?: string;
}

export interface TestScript {
  readonly url: string;
  readonly config: string;
  /** What is seen before the first step. */
  readonly shows: Picture;
  readonly steps: readonly TestStep[];
  readonly playability: number;
  readonly says: string;
}
