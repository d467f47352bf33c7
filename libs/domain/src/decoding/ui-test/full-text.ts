import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseLine } from '../reading/parse-line';
import { storable } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import { issueHash } from './keys';
import { actionsOf, issuesOf, saidText } from './report';
import { answerText } from './run-report';

/** The whole text of what `key` names in a report; undefined where it is not there. */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseLine(line);
  const name = /^([tme]):ui-test:.*:([0-9a-f]+)$/s.exec(key);
  if (parsed.kind !== 'record' || name === null) return undefined;
  const [, kind, id = ''] = name;
  if (kind === 't') return actionText(parsed.record, Number(id));
  const text =
    kind === 'm'
      ? answerText(asList(parsed.record['agent_responses'])[Number(id)])
      : issueText(parsed.record, id);
  return text === undefined ? undefined : { text: storable(text) };
}

function actionText(record: JsonObject, index: number): FullText | undefined {
  const place = actionsOf(record).findIndex((action) => action.index === index);
  const timings = asList(record['action_timings']).map(asObject);
  const timing = timings.filter((one) => one !== undefined)[place];
  if (timing === undefined) return undefined;
  const { target, key } = timing;
  return { input: storable(jsonText({ ...told({ target, key }) })), result: '' };
}

function told(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const text = saidText(value);
      return text === undefined ? [] : [[name, storable(text)] as const];
    }),
  );
}

function issueText(record: JsonObject, hash: string): string | undefined {
  const place = issuesOf(record).findIndex((issue) => issueHash(issue) === hash);
  const issues = asList(record['issues']).filter(
    (one) => asText(one) !== undefined || asObject(one) !== undefined,
  );
  const issue = issues[place];
  const text = typeof issue === 'object' ? asObject(issue)?.['description'] : issue;
  return typeof text === 'string' ? text : undefined;
}
