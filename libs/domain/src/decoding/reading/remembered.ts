/** Values by key, the newest last. JSON. */
export type Remembered<T> = readonly (readonly [key: string, value: T])[];

/** How many of a list are remembered. Results follow their uses closely; parallel agents are few. */
const most = 64;

/** The list with `value` under `key`, as its newest; the oldest give way. */
export function remember<T>(list: Remembered<T>, key: string, value: T): Remembered<T> {
  return [...forget(list, key), [key, value] as const].slice(-most);
}

/** The value under `key`; undefined where it is not remembered (any more). */
export function recall<T>(list: Remembered<T>, key: string): T | undefined {
  return list.find(([known]) => known === key)?.[1];
}

/** The list without `key`. */
export function forget<T>(list: Remembered<T>, key: string): Remembered<T> {
  return list.filter(([known]) => known !== key);
}
