import { storableId, storableName, previewOf } from '../reading/text';
import { asObject, asText } from '../reading/values';
import { readAssistant } from './assistant';
import type { LineReading } from './line-reading';
import { readProgress } from './progress';
import { stateRecords } from './state-records';
import { readSystem } from './system';
import { readUser } from './user';

const longestPath = 4096;

/** One record of a transcript, of whatever type: what it tells goes into the reading's sink. */
export function readRecord(reading: LineReading): void {
  const type = asText(reading.record['type']) ?? '';
  const state = Object.hasOwn(stateRecords, type) ? stateRecords[type] : undefined;
  if (state !== undefined) {
    holdTime(reading);
    state(reading);
  } else {
    tellActivity(reading);
    tellSurroundings(reading);
    readConversation(reading, type);
  }
  reading.tellRegisters();
  const { ownTime } = reading;
  if (ownTime !== undefined && ownTime > reading.state.get('at')) reading.state.set('at', ownTime);
}

function readConversation(reading: LineReading, type: string): void {
  switch (type) {
    case 'assistant':
      return readAssistant(reading);
    case 'user':
      return readUser(reading);
    case 'system':
      return readSystem(reading);
    case 'progress':
      return readProgress(reading);
    default:
      return; // attachments, and what a newer version writes: time passes
  }
}

/**
 * A file of state records alone is no session, whatever times they state. Once a conversation follows, their time
 * counts as the session's.
 */
function holdTime(reading: LineReading): void {
  const { ownTime, state } = reading;
  if (ownTime === undefined) return;
  if (state.get('conversed')) return reading.say({ type: 'activity' });
  state.set('heldAt', Math.min(ownTime, state.get('heldAt') ?? ownTime));
}

function tellActivity(reading: LineReading): void {
  const { ownTime, state } = reading;
  if (ownTime === undefined) return;
  if (!state.get('conversed')) {
    state.set('conversed', true);
    const heldAt = state.get('heldAt');
    if (heldAt !== null) reading.sayAt(heldAt, { type: 'activity' });
  }
  reading.say({ type: 'activity' });
}

/** Project, branch, version, fork: what each conversation record repeats. */
function tellSurroundings(reading: LineReading): void {
  const { record } = reading;
  const cwd = asText(record['cwd']);
  // The project is where the session began; later working folders are excursions.
  if (cwd !== undefined) reading.registerOnce('projectPath', previewOf(cwd, longestPath).preview);
  const branch = asText(record['gitBranch']);
  if (branch !== undefined) reading.registerChange('branch', storableName(branch));
  const version = asText(record['version']);
  if (version !== undefined) reading.registerChange('version', storableName(version));
  const forkedFrom = record['forkedFrom'];
  const parent = asText(forkedFrom) ?? asText(asObject(forkedFrom)?.['sessionId']);
  if (parent !== undefined && reading.isMain) reading.registerChange('forkedFrom', storableId(parent));
}
