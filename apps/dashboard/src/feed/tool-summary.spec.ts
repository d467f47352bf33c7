import { readableInput, toolSummary } from './tool-summary';

const tool = (input: string | null, result: string | null = null) => ({
  name: 'T',
  input,
  result,
  isError: false,
  durationMs: null,
});

describe('toolSummary', () => {
  it('says which file, command or pattern', () => {
    expect(toolSummary(tool('{"description":"d","command":"npm test\\nnext"}')).headline).toBe('npm test');
    expect(toolSummary(tool('{"pattern":"a\\"b"}')).headline).toBe('a"b');
    expect(toolSummary(tool('{"other":1}')).headline).toBe('');
    expect(toolSummary(tool(null)).headline).toBe('');
  });

  it('reads JSON whose end was cut', () => {
    expect(toolSummary(tool('{"file_path":"src/a.ts","content":"long…')).headline).toBe('src/a.ts');
    expect(toolSummary(tool('{"command":"cut in the midd')).headline).toBe('cut in the midd');
  });

  it('shows an edit by the lines that changed', () => {
    const input = JSON.stringify({
      file_path: 'a',
      old_string: 'x\nold\ny',
      new_string: 'x\nnew 1\nnew 2\ny',
    });
    const { diff, added, removed } = toolSummary(tool(input));
    expect(diff).toEqual([
      { sign: '-', text: 'old' },
      { sign: '+', text: 'new 1' },
      { sign: '+', text: 'new 2' },
    ]);
    expect([added, removed]).toEqual([2, 1]);
  });

  it('gives the first lines of the result', () => {
    expect(toolSummary(tool('{}', '1\n2\n3\n4\n5\n')).result).toEqual(['1', '2', '3', '4']);
    expect(toolSummary(tool('{}', '')).result).toEqual([]);
  });
});

describe('readableInput', () => {
  it('lays JSON out and leaves the rest alone', () => {
    expect(readableInput('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readableInput('{"a":')).toBe('{"a":');
  });
});
