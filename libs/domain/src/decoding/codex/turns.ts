import { previewOf, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { contentKey, enterTurn, isTurnId } from './keys';
import type { LineReading } from './line-reading';
import { noteModel } from './messages';

/** Codex's usual way of working; it says nothing. */
const usualMode = 'default';

/** What a turn runs with: model, and how free it is. */
export function readTurnContext(reading: LineReading): void {
  const { payload } = reading;
  noteTurnId(reading, payload['turn_id']);
  noteModel(reading, payload['model']);
  noteSpeed(reading, payload['service_tier']);
  const cwd = asText(payload['cwd']);
  if (cwd !== undefined) reading.registerOnce('projectPath', previewOf(cwd, 4096).preview);
  tellPhase(reading, payload);
}

/** Settings changed by the user hold from the next turn on: its context tells the model. */
export function readThreadSettings(reading: LineReading): void {
  const settings = asObject(reading.payload['thread_settings']) ?? {};
  if (reading.state.get('model') === null) noteModel(reading, settings['model']);
  noteSpeed(reading, settings['service_tier']);
}

/** `fast` (for the API: `priority`) costs more; what the record does not state stays as it was. */
function noteSpeed(reading: LineReading, tier: unknown): void {
  const named = asText(tier);
  if (named === undefined) return;
  reading.state.set('speed', named === 'fast' || named === 'priority' ? 'fast' : 'standard');
}

/** Work goes on. */
export function readTurnStart(reading: LineReading): void {
  noteTurnId(reading, reading.payload['turn_id']);
  reading.registerChange('turnEnded', false);
}

/** The turn has ended, perhaps with an error. */
export function readTurnEnd(reading: LineReading): void {
  const { payload } = reading;
  const error = asObject(payload['error']);
  if (error !== undefined) readError(reading, 'turn_failed', error);
  reading.registerChange('turnEnded', true);
}

/** A turn that was not finished: by its user, or by what replaced it. */
export function readTurnAbort(reading: LineReading): void {
  const { payload } = reading;
  const reason = asText(payload['reason']) ?? 'interrupted';
  reading.say({
    type: 'error',
    key: `e:${contentKey(reading, 'e', `aborted ${asText(payload['turn_id']) ?? ''}`)}`,
    kind: 'interrupted',
    message: previewOf(`Turn aborted: ${reason}`).preview,
  });
  reading.registerChange('turnEnded', true);
}

/** An error, once for each time it is told in a turn; `kind` where the error states none. */
export function readError(reading: LineReading, kind: string, error: JsonObject): void {
  const inner = asObject(error['error']);
  const message = asText(error['message']) ?? asText(inner?.['message']) ?? '';
  const info = error['codex_error_info'] ?? inner?.['kind'];
  const named = asText(info) ?? Object.keys(asObject(info) ?? {})[0];
  reading.say({
    type: 'error',
    key: `e:${contentKey(reading, 'e', message)}`,
    kind: storableName(named ?? kind),
    message: previewOf(message).preview,
  });
}

/** Records behind the cut of a fork's history name a turn whose start is not in the file. */
export function noteTurn(reading: LineReading): void {
  if (reading.state.get('turn') !== null) return;
  const { payload } = reading;
  const carried =
    asObject(payload['internal_chat_message_metadata_passthrough']) ?? asObject(payload['metadata']);
  noteTurnId(reading, payload['turn_id'] ?? carried?.['turn_id']);
}

function noteTurnId(reading: LineReading, id: unknown): void {
  if (isTurnId(id)) enterTurn(reading, id);
}

/** A review, a working mode (plan), else the sandbox and when it asks: as the tool names them. */
function tellPhase(reading: LineReading, payload: JsonObject): void {
  const mode = payload['collaboration_mode'];
  const collaboration = asText(asObject(mode)?.['mode']) ?? asText(mode);
  const sandbox = payload['sandbox_policy'];
  const policy = asObject(sandbox);
  const freedom = [
    asText(policy?.['type']) ?? asText(policy?.['mode']) ?? asText(sandbox),
    asText(payload['approval_policy']),
  ].filter((name) => name !== undefined);
  const isUsual = collaboration === undefined || collaboration === usualMode;
  const named = isUsual ? freedom.join(' · ') : collaboration;
  reading.state.set('workingMode', named === '' ? null : storableName(named));
  showPhase(reading);
}

/** The agent began, or ended, a review: that is its phase meanwhile. */
export function readReview(reading: LineReading, reviewing: boolean): void {
  reading.state.set('reviewing', reviewing);
  showPhase(reading);
}

function showPhase(reading: LineReading): void {
  const phase = reading.state.get('reviewing') ? 'review' : reading.state.get('workingMode');
  if (phase !== null) reading.registerChange('phase', phase);
}
