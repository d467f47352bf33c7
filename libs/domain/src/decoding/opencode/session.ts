import { parseInstant } from '../reading/instant';
import { firstLine, previewOf, storable, storableId, storableName } from '../reading/text';
import { asObject, asText } from '../reading/values';
import type { ElementReading } from './element-reading';
import { modelName } from './usage';

const titleLength = 300;
const longestUrl = 1000;
const longestPath = 4096;
/** Until OpenCode has thought of a title. */
const standInTitle = /^(?:New|Child) session - \d{4}-\d{2}-\d{2}T/;

/** What a session says of itself. */
export function readSession(reading: ElementReading): void {
  const { created, updated, archived } = timesOf(reading);
  reading.active(created, updated);
  const at = updated ?? created ?? 0;
  tellTitle(reading, created ?? at, at);
  tellSurroundings(reading, at);
  tellBeginning(reading, created ?? 0);
  // Archiving is a change of the session, too: it ends what was done up to then, itself included.
  if (archived !== undefined) reading.register('outcome', 'completed', Math.max(archived, at));
  tellParent(reading, at);
  reading.tellRegisters(at);
}

interface Times {
  readonly created: number | undefined;
  readonly updated: number | undefined;
  readonly archived: number | undefined;
}

function timesOf({ value, element }: ElementReading): Times {
  const time = asObject(value['time']);
  return {
    created: parseInstant(time?.['created']) ?? element.createdAt,
    updated: parseInstant(time?.['updated']) ?? element.updatedAt,
    archived: parseInstant(time?.['archived']),
  };
}

/** What its messages say later wins. */
function tellBeginning(reading: ElementReading, created: number): void {
  const model = modelName(reading.value);
  if (model !== null) reading.register('model', model, created);
  const agent = asText(reading.value['agent']);
  if (agent !== undefined) reading.register('phase', storableName(agent), created);
}

/** A subagent's session names the one that started it. */
function tellParent(reading: ElementReading, at: number): void {
  const parent = asText(reading.value['parentID']);
  if (parent !== undefined && storableId(parent) !== reading.element.sessionId)
    reading.register('parentId', storableId(parent), at);
}

function tellTitle(reading: ElementReading, created: number, at: number): void {
  const title = firstLine(asText(reading.value['title']) ?? '', titleLength);
  if (title === '') return;
  if (standInTitle.test(title)) reading.register('firstPrompt', title, created);
  else reading.register('aiTitle', title, at);
}

function tellSurroundings(reading: ElementReading, at: number): void {
  const { value } = reading;
  const directory = asText(value['directory']);
  if (directory !== undefined) reading.register('projectPath', previewOf(directory, longestPath).preview, at);
  const version = asText(value['version']);
  if (version !== undefined) reading.register('version', storableName(version), at);
  const url = asText(asObject(value['share'])?.['url']);
  if (url !== undefined && /^https?:\/\//.test(url) && url.length <= longestUrl)
    reading.say(at, { type: 'link', kind: 'share', label: 'Shared session', url: storable(url) });
}
