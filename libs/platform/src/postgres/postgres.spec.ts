import { serverOptions } from './connection-options';
import { parseInt8 } from './int8';

describe('serverOptions', () => {
  it('sets search path and timeouts, blanks escaped', () => {
    const options = serverOptions({
      url: '',
      searchPath: 'read_model, control',
      applicationName: 'x',
      max: 1,
      statementTimeoutMs: 0,
    });
    expect(options).toContain(
      '-c search_path=read_model,\\ control -c idle_in_transaction_session_timeout=1000 -c statement_timeout=0',
    );
  });
});

describe('parseInt8', () => {
  it.each([
    ['0', 0],
    ['-42', -42],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9223372036854775808', -9223372036854775808n],
  ])('reads %s exactly', (text, expected) => expect(parseInt8(text)).toBe(expected));
});
