import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
export type SchemaObject = Exclude<Schema, { $ref: string }>;

/** A zod schema as OpenAPI 3.1 describes it. `input`: what a client sends, `output`: what it gets. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): SchemaObject {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return described as SchemaObject;
}

/** The fields of a query, each with its schema and whether it must be there. */
export function queryFields(
  schema: z.ZodObject,
): { name: string; required: boolean; schema: SchemaObject }[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property as SchemaObject,
  }));
}
