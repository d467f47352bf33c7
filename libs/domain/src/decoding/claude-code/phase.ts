import { storableName } from '../reading/text';
import { asText } from '../reading/values';
import type { LineReading } from './line-reading';

/** The tool has two kinds of mode; its usual one says nothing, so the permission mode is shown then. */
const usualMode = 'normal';

/** The main agent's mode, where the record states one: with the permission mode it is the session's phase. */
export function tellMode(reading: LineReading, mode: unknown): void {
  const said = asText(mode);
  if (said === undefined || !reading.isMain) return;
  reading.state.set('mode', storableName(said));
  tellPhase(reading);
}

/** The main agent's permission mode, where the record states one. */
export function tellPermissionMode(reading: LineReading, permissionMode: unknown): void {
  const said = asText(permissionMode);
  if (said === undefined || !reading.isMain) return;
  reading.state.set('permissionMode', storableName(said));
  tellPhase(reading);
}

function tellPhase(reading: LineReading): void {
  const mode = reading.state.get('mode');
  const permissionMode = reading.state.get('permissionMode');
  const phase = mode !== null && mode !== usualMode ? mode : (permissionMode ?? mode);
  if (phase !== null) reading.registerChange('phase', phase);
}
