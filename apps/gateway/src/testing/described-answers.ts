import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';

/** An answer as it came over the wire. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  /** Undefined where the body was not read. */
  readonly text: string | undefined;
}

/** An answer is not what the API says of it. Describe it, with `@Describes`, or mend the route. */
export class UndescribedAnswerError extends Error {
  override readonly name = 'UndescribedAnswerError';
}

interface Described {
  readonly template: string;
  readonly pattern: RegExp;
}

type Content = Readonly<Record<string, unknown>>;

/** Compares answers with the API's own description: their status, type and shape. */
export class DescribedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly paths: readonly Described[];

  constructor(private readonly document: OpenAPIObject) {
    this.ajv.addSchema(document, 'api');
    // Of several that fit, the router takes the one that says most: words before parameters.
    this.paths = Object.keys(document.paths)
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((template) => ({ template, pattern: patternOf(template) }));
  }

  /** @throws UndescribedAnswerError */
  check(answer: Answer): void {
    const found = this.paths.find(({ pattern }) => pattern.test(answer.path));
    const operation = found && this.document.paths[found.template]?.[operationOf(answer.method)];
    if (!found || !operation) return this.checkUnknown(answer);
    const described = operation.responses[answer.status];
    if (described === undefined) throw undescribed(answer, 'this status is not described');
    const pointer = '$ref' in described ? described.$ref : pointerTo(found.template, answer);
    const { content } = this.at(pointer) as { content?: Content };
    this.checkContent(answer, pointer, content);
  }

  private checkContent(answer: Answer, pointer: string, content: Content | undefined): void {
    const type = answer.contentType?.split(';')[0]?.trim();
    if (content === undefined) {
      if (answer.text) throw undescribed(answer, 'it has a body');
      return;
    }
    if (answer.method === 'HEAD') return;
    const media = Object.keys(content).find((each) => fits(type, each));
    if (media === undefined) throw undescribed(answer, `its type ${String(type)} is not described`);
    if (media.endsWith('json') && answer.text !== undefined)
      this.checkShape(answer, `${pointer}/content/${escaped(media)}/schema`);
  }

  private checkShape(answer: Answer, pointer: string): void {
    const validate = this.validator(pointer);
    if (validate(JSON.parse(answer.text ?? ''))) return;
    throw undescribed(answer, this.ajv.errorsText(validate.errors, { dataVar: 'the body' }));
  }

  /** What no route answers for is a page, a file, or a problem. */
  private checkUnknown(answer: Answer): void {
    if (!answer.path.toLowerCase().startsWith('/api/') || answer.path.startsWith('/api/docs')) return;
    const isProblem = answer.contentType?.startsWith('application/problem+json') ?? false;
    if (answer.method !== 'OPTIONS' && (answer.status < 400 || (!isProblem && answer.method !== 'HEAD')))
      throw undescribed(answer, 'there is no such route');
  }

  private validator(pointer: string): ValidateFunction {
    const known = this.compiled.get(pointer) ?? this.ajv.compile({ $ref: `api${pointer}` });
    this.compiled.set(pointer, known);
    return known;
  }

  private at(pointer: string): unknown {
    const parts = pointer.slice(2).split('/').map(unescaped);
    return parts.reduce<unknown>((value, part) => Reflect.get(value as object, part), this.document);
  }
}

function patternOf(template: string): RegExp {
  const escapedText = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escapedText.replace(/\{[^}]+\}/g, '[^/]+')}/?$`, 'i');
}

function operationOf(method: string): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  return (method === 'HEAD' ? 'get' : method.toLowerCase()) as 'get';
}

function pointerTo(template: string, { method, status }: Answer): string {
  return `#/paths/${escaped(template)}/${operationOf(method)}/responses/${status}`;
}

/** Within a JSON pointer, in a URI. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function unescaped(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}

function fits(type: string | undefined, described: string): boolean {
  if (type === undefined) return false;
  return described.endsWith('/*') ? type.startsWith(described.slice(0, -1)) : type === described;
}

function undescribed({ method, path, status, text }: Answer, why: string): UndescribedAnswerError {
  return new UndescribedAnswerError(
    `${method} ${path} answered ${status}, which the API does not describe: ${why}. ${text?.slice(0, 500) ?? ''}`,
  );
}
