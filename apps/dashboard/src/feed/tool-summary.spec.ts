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

  it('knows how other tools say it', () => {
    const headline = (input: unknown): string => toolSummary(tool(JSON.stringify(input))).headline;
    expect(headline({ cmd: 'rg --files', workdir: '/x' })).toBe('rg --files');
    expect(headline({ command: ['bash', '-lc', 'ls "a b"'], timeout: 1 })).toBe('ls "a b"');
    expect(headline({ filePath: 'src/a.ts' })).toBe('src/a.ts');
    expect(headline({ target: 'Order now' })).toBe('Order now');
    const edit = { filePath: 'a', oldString: 'x', newString: 'y' };
    expect(toolSummary(tool(JSON.stringify(edit)))).toMatchObject({ headline: 'a', added: 1, removed: 1 });
  });

  it('reads a patch, by itself or as a field', () => {
    const patch = [
      '*** Begin Patch',
      '*** Update File: src/a.ts',
      '@@',
      ' kept',
      '-old',
      '+new',
      '*** Add File: src/b.ts',
      '+more',
      '*** End Patch',
    ].join('\n');
    for (const input of [patch, JSON.stringify({ patchText: patch }), JSON.stringify({ input: patch })])
      expect(toolSummary(tool(input))).toMatchObject({
        headline: 'src/a.ts and 1 more',
        added: 2,
        removed: 1,
        diff: [
          { sign: '-', text: 'old' },
          { sign: '+', text: 'new' },
          { sign: '+', text: 'more' },
        ],
      });
    expect(toolSummary(tool('{"cmd":"grep \'*** Begin Patch\' x"}')).headline).toContain('grep');
  });

  it('leaves out how a command went where the card says it', () => {
    const result =
      'Chunk ID: 3f5\nWall time: 0.1 seconds\nProcess exited with code 0\nOriginal token count: 3\nOutput:\na\nb\n';
    expect(toolSummary(tool('{}', result)).result).toEqual(['a', 'b']);
    expect(toolSummary(tool('{}', 'Wall time: x\nno more')).result).toEqual(['Wall time: x', 'no more']);
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
