import type { JsonObject } from '../reading/values';
import { asObject } from '../reading/values';
import { parseInstant } from '../reading/instant';
import { storableName } from '../reading/text';
import { timeInName } from './names';
import type { Telling } from './telling';

/** A run is one as soon as its folder is there: it runs, until a report says more. */
export function tellFolder(telling: Telling, folder: string, record: JsonObject): void {
  const value = asObject(record['value']);
  if (record['element'] !== 'run' || value === undefined) return;
  // A copied or restored folder is younger than its run.
  const at = timeInName(folder) ?? parseInstant(value['createdAt']);
  telling.active(at);
  // Whatever a report says counts more.
  const first = { at: 0, order: 0 };
  telling.register('nativeId', storableName(folder), first);
  telling.register('summaryTitle', storableName(folder), first);
  telling.register('outcome', 'running', first);
  telling.register('currentStep', 'Starting', first);
  telling.tellRegisters(at ?? 0);
}
