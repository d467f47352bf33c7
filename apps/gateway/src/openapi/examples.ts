import { describedExamples } from '@telltale/contracts';
import type { z } from 'zod';

const examples = new Map<z.ZodType, unknown>(describedExamples);

/** Undefined where contracts hold none. */
export function exampleOf(schema: z.ZodType): unknown {
  return examples.get(schema);
}
