import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { badRequest } from './problem';

/** @throws ProblemException 400 that names the field at fault */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    throw badRequest(issue.keys[0] ?? '', 'There is no such parameter here.');
  throw badRequest(issue?.path.join('.') ?? '', issue?.message ?? 'This is not valid.');
}

/** `@Query(new Parsed(schema))`, `@Body(new Parsed(schema))` */
@Injectable()
export class Parsed<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  constructor(private readonly schema: Schema) {}

  transform(value: unknown, { type }: Pick<ArgumentMetadata, 'type'>): z.output<Schema> {
    if (type === 'query') refuseNul(value);
    return parse(this.schema, value);
  }
}

/** No text of the database holds it, so nothing is found by it. @throws ProblemException 400 that names the parameter */
function refuseNul(query: unknown): void {
  for (const [field, text] of Object.entries(query ?? {}))
    if (typeof text === 'string' && text.includes('\0'))
      throw badRequest(field, 'There is a NUL character in it.');
}
