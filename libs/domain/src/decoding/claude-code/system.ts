import { previewOf } from '../reading/text';
import { asObject, asText } from '../reading/values';
import type { LineReading } from './line-reading';

/** A record of type `system`: turns that ended, compactions, errors of the API, by its subtype. */
export function readSystem(reading: LineReading): void {
  switch (reading.record['subtype']) {
    case 'turn_duration':
      if (reading.isMain) reading.registerChange('turnEnded', true);
      return;
    case 'compact_boundary':
      return reading.say({ type: 'compaction', key: `c:${reading.uuid}` });
    case 'api_error':
      return reading.say({
        type: 'error',
        key: `e:${reading.uuid}`,
        kind: 'api_error',
        message: apiErrorText(reading.record),
      });
    default:
      return;
  }
}

/** The API's own words where they are stated, else the status or whatever the record says. */
export function apiErrorText(record: { readonly [key: string]: unknown }): string {
  const error = asObject(record['error']);
  const inner = asObject(error?.['error']);
  const deepest = asObject(inner?.['error']);
  const candidates = [
    deepest?.['message'],
    inner?.['message'],
    error?.['message'],
    record['error'],
    record['content'],
  ];
  const words = candidates.map(asText).find((text) => text !== undefined);
  const status = error?.['status'];
  return previewOf(words ?? (typeof status === 'number' ? `HTTP ${status}` : 'API error')).preview;
}
