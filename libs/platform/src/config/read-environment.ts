import type { z } from 'zod';
import { ConfigurationError } from './configuration-error';

type Values = Readonly<Record<string, string | undefined>>;

/** Values of such variables are never repeated in a message. */
const secretName = /PASSWORD|SECRET|TOKEN|KEY|URL/;

/**
 * The settings of a program, parsed once and typed. An empty variable counts as not set.
 *
 * @param schema one field per environment variable; a field's `.describe()` says what is expected
 * @throws ConfigurationError naming every variable at fault
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  env: Values = process.env,
): z.output<Schema> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) =>
    explain(issue, descriptionOf(schema.shape[String(issue.path[0])]), given),
  );
  throw new ConfigurationError([...new Set(lines)].join('\n'));
}

function explain(issue: z.core.$ZodIssue, expected: string | undefined, given: Values): string {
  const name = String(issue.path[0] ?? 'The environment');
  return `${name} ${problemOf(name, given[name], issue.message)}. Set it to ${expected ?? 'a valid value'}.`;
}

function problemOf(name: string, value: string | undefined, message: string): string {
  if (value === undefined) return 'is not set';
  return secretName.test(name) ? `is not valid (${message})` : `is ${JSON.stringify(value)} (${message})`;
}

/** Wrappers like default() and optional() keep no description of their own: then the one inside counts. */
function descriptionOf(field: unknown): string | undefined {
  for (let type = field; isZodType(type); type = innerOf(type)) {
    if ('description' in type && typeof type.description === 'string') return type.description;
  }
  return undefined;
}

function innerOf(type: z.core.$ZodType): unknown {
  const { def } = type._zod;
  if ('innerType' in def) return def.innerType;
  return 'in' in def ? def.in : undefined;
}

function isZodType(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
