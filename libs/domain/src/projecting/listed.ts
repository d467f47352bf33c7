import { stableHash } from '@telltale/contracts';
import { cutUtf8 } from './text';

// What lists filter by lies together in one index, whose entries may hold 2.7 KB. Bytes of UTF-8:
const nameBytes = 120;
const pathBytes = 250;
const textBytes = 300;
const modelsBytes = 300;

/** A host, user, model or project as it is compared: whole, or, absurdly long, its beginning and a hash of all of it. */
export function listedName<Name extends string | null>(name: Name): Name | string {
  return name === null ? name : bounded(name, nameBytes);
}

/** A project's path as lists filter by it, in bounded length. */
export function listedPath<Path extends string | null>(path: Path): Path | string {
  return path === null ? path : bounded(path, pathBytes);
}

/** What a list's text filter looks through: title, project and id, in lower case. */
export function listedText(texts: readonly (string | null)[]): string {
  return texts.map((text) => cutUtf8((text ?? '').toLowerCase(), textBytes)).join('\n');
}

/** A session of more models than fit is found by the first of them. */
export function listedModels(models: readonly string[]): string[] {
  const listed: string[] = [];
  let room = modelsBytes;
  for (const model of models.map(listedName)) {
    room -= model.length * (/^[ -~]*$/.test(model) ? 1 : 3) + 8;
    if (room < 0) break;
    listed.push(model);
  }
  return listed;
}

const digits = 16;

function bounded(text: string, bytes: number): string {
  const head = cutUtf8(text, bytes);
  return head === text ? text : `${cutUtf8(text, bytes - digits - 1)}~${stableHash(text)}`;
}
