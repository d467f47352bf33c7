/** What JSON lets stand as it is although terminals, editors or a page's parser might act on it. */
const live = /[<\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

/** JSON that reads back as the same value, with nothing in it that could act where it is only looked at. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    live,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
