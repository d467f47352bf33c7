import { digits, exactly, followedBy, inAnyCase, letters, patternRule, tokenRule, type Rule } from './rule';

const wordBefore = '(?<![A-Za-z0-9])';
const wordBehind = '(?![A-Za-z0-9])';

function prefixed(name: string, prefixes: readonly string[], body: string, reach?: number): Rule {
  const alternatives = prefixes.map((prefix) => prefix.replace(/[.$]/g, '\\$&')).join('|');
  return patternRule({
    name,
    anchors: exactly(...prefixes),
    pattern: new RegExp(`(?<![\\w-])(?:${alternatives})${body}`),
    isToken: true,
    ...(reach === undefined ? {} : { reach }),
  });
}

/**
 * Tokens that secretlint's table does not know, or knows by one exact length only: what begins like such a token is
 * masked as far as it goes.
 */
export const tokenRules: readonly Rule[] = [
  patternRule({
    name: 'aws',
    anchors: exactly('AKIA', 'ASIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA', 'ABIA', 'ACCA'),
    pattern: new RegExp(`${wordBefore}A[A-Z]{3}[A-Z0-9]{16}${wordBehind}`),
    reach: 64,
  }),
  patternRule({
    name: 'gcp',
    anchors: exactly('AIza'),
    pattern: new RegExp(`${wordBefore}AIza[\\w-]{35}(?![\\w-])`),
    reach: 64,
  }),
  prefixed('gcp', ['GOCSPX-'], '[\\w-]{20,64}'),
  prefixed('gcp', ['ya29.'], '[\\w.-]{30,1024}', 1100),
  tokenRule({
    name: 'azure',
    anchors: digits.split('').flatMap((digit) => followedBy(`${digit}Q~`, `${letters}${digits}_.~-`)),
    lead: /[\w.~-]/,
    before: 4,
    pattern: /[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/,
    reach: 64,
  }),
  tokenRule({
    name: 'azure',
    anchors: exactly('JQQJ99', 'AZDO', 'APIM', 'AzCa', 'AzSe', 'AzFu', 'AStA', 'ARm+'),
    lead: /[A-Za-z0-9+/]/,
    before: 80,
    pattern:
      /[A-Za-z0-9+/]{52}JQQJ9[9D][A-Za-z0-9]{20,32}|[A-Za-z0-9]{76}(?:AZDO|APIM)[A-Za-z0-9]{4}|[A-Za-z0-9+/]{40,76}(?:AzCa|AzSe|AzFu|AStA|ARm\+)[A-Za-z0-9+/]{4,8}={0,2}(?![A-Za-z0-9+/=])/,
    reach: 64,
  }),
  patternRule({
    name: 'azure',
    anchors: inAnyCase('AccountKey=', 'SharedAccessKey=', 'SharedAccessSignature='),
    pattern: /(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?<secret>[A-Za-z0-9+/%=&.:_-]{30,1024})/i,
    reach: 1100,
  }),
  patternRule({
    name: 'azure',
    anchors: exactly('&sig=', '?sig=', '&amp;sig='),
    pattern: /(?:&amp;|[?&])sig=(?<secret>[A-Za-z0-9%+/]{30,128}={0,2})/,
  }),
  prefixed('github', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], '[A-Za-z0-9]{30,255}'),
  prefixed('github', ['github_pat_'], '\\w{36,255}'),
  prefixed(
    'gitlab',
    [
      'glpat-',
      'glptt-',
      'gldt-',
      'glrt-',
      'glcbt-',
      'glft-',
      'glsoat-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glffct-',
    ],
    '[\\w.-]{18,300}',
  ),
  prefixed('gitlab', ['GR1348941'], '[\\w-]{20,64}'),
  prefixed(
    'slack',
    ['xoxe-', 'xoxe.', 'xoxs-', 'xoxc-', 'xoxd-', 'xwfp-', 'xoxb-', 'xoxp-'],
    '[\\w.%-]{20,400}',
  ),
  prefixed('stripe', ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'whsec_'], '[A-Za-z0-9+/=]{16,128}'),
  prefixed('anthropic', ['sk-ant-'], '[\\w-]{20,256}'),
  prefixed('openai', ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], '[\\w-]{20,256}'),
  tokenRule({
    name: 'openai',
    anchors: exactly('T3BlbkFJ'),
    lead: /[\w-]/,
    before: 200,
    pattern: /(?:.*?)(?<secret>sk-[\w-]{10,200}?T3BlbkFJ[\w-]{10,200})/,
    reach: 256,
  }),
  patternRule({
    name: 'openai',
    anchors: followedBy('sk-', letters + digits),
    pattern: new RegExp(`(?<![\\w-])sk-(?=[A-Za-z]*\\d)[A-Za-z0-9]{32,64}(?![\\w-])`),
    isToken: true,
  }),
  prefixed('openrouter', ['sk-or-v1-'], '[0-9a-f]{32,128}'),
  prefixed('npm', ['npm_'], '[A-Za-z0-9]{36,64}'),
  patternRule({
    name: 'npm',
    anchors: exactly('_authToken', '_password='),
    pattern: /(?:_authToken|_password)["']?\s{0,2}[=:]\s{0,2}["']?(?<secret>[A-Za-z0-9+/=_.-]{12,512})/,
    reach: 560,
  }),
  prefixed('pypi', ['pypi-AgE'], '[\\w-]{40,512}', 560),
  prefixed('rubygems', ['rubygems_'], '[0-9a-f]{32,64}'),
  prefixed('digitalocean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[0-9a-f]{40,80}'),
  prefixed('xai', ['xai-'], '[A-Za-z0-9]{60,128}'),
  prefixed('perplexity', ['pplx-'], '[A-Za-z0-9]{40,80}'),
  prefixed('supabase', ['sbp_', 'sb_secret_'], '\\w{30,80}'),
  prefixed('planetscale', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], '[\\w.-]{30,80}'),
  prefixed('atlassian', ['ATATT3', 'ATCTT3'], '[\\w=.-]{28,512}', 560),
  patternRule({
    name: 'atlassian',
    anchors: exactly('ATBB'),
    pattern: new RegExp(`${wordBefore}ATBB[A-Za-z0-9]{32}${wordBehind}`),
    reach: 64,
  }),
  prefixed('doppler', ['dp.pt.', 'dp.st.'], '[\\w.-]{30,80}'),
  prefixed('age', ['AGE-SECRET-KEY-1'], '[A-Z0-9]{50,70}'),
  prefixed('heroku', ['HRKU-'], '[\\w-]{36,80}'),
  patternRule({
    name: 'huggingface',
    anchors: followedBy('hf_', letters + digits),
    pattern: /(?<![\w-])hf_[A-Za-z0-9]{30,64}/,
  }),
  tokenRule({
    name: 'jwt',
    anchors: exactly('.eyJ'),
    lead: /[A-Za-z0-9_-]/,
    before: 2048,
    pattern: new RegExp(`${wordBefore}eyJ[\\w-]{8,2048}\\.eyJ[\\w-]{8,8192}(?:\\.[\\w-]{0,2048})?`),
    reach: 12 * 1024,
  }),
  // An encrypted one: its second part is no JSON.
  patternRule({
    name: 'jwt',
    anchors: exactly('eyJhbGciOi', 'eyJlbmMiOi'),
    pattern: new RegExp(`${wordBefore}eyJ[\\w-]{16,1024}(?:\\.[\\w-]{0,4096}){2,4}${wordBehind}`),
    reach: 12 * 1024,
  }),
];
