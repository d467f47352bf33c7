import pg from 'pg';

/**
 * int8 as a JS number where that is exact, else as a bigint: `BigInt(value)` takes both.
 * (node-postgres gives text by default.)
 */
export function parseInt8(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** Type parsers of one pool; pg's global ones stay as they are. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => {
    if (id === pg.types.builtins.INT8 && format !== 'binary') return parseInt8;
    const parser: unknown = pg.types.getTypeParser(id, format);
    return parser;
  },
};
