import { digits, exactly, followedBy, inAnyCase, letters, patternRule, type Rule } from './rule';
import table from './secretlint.json';

/** Which package the table was made of. */
export const secretlintVersion = table.version;

interface Use {
  readonly name: string;
  readonly anchors: Rule['anchors'];
  readonly reach?: number;
  /** Characters that the shortest real one has, where the pattern takes less. */
  readonly least?: number;
}

/** How each pattern of the table is found: what it begins with, and how far it reaches. */
const uses: { readonly [id: string]: Use } = {
  'npm/1': { name: 'npm', anchors: exactly('npm_') },
  'slack/1': { name: 'slack', anchors: exactly('xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-') },
  'slack/2': { name: 'slack', anchors: inAnyCase('https://hooks.slack.com') },
  'sendgrid/1': { name: 'sendgrid', least: 50, anchors: followedBy('SG.', `${letters}${digits}_`) },
  'shopify/1': { name: 'shopify', anchors: exactly('shppa_', 'shpca_', 'shpat_', 'shpss_') },
  'stripe/1': { name: 'stripe', anchors: exactly('sk_live_', 'sk_test_', 'rk_live_', 'rk_test_') },
  'github/1': { name: 'github', anchors: exactly('ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_') },
  'github/2': { name: 'github', anchors: exactly('github_pat_') },
  'github/3': { name: 'github', anchors: exactly('ghs_'), reach: 12 * 1024 },
  'gitlab/1': { name: 'gitlab', anchors: exactly('glpat-') },
  'grafana/1': { name: 'grafana', anchors: exactly('glc_') },
  'grafana/2': { name: 'grafana', anchors: exactly('glsa_') },
  'openai/1': { name: 'openai', anchors: exactly('sk-proj-', 'sk-svcacct-', 'sk-admin-') },
  'anthropic/1': { name: 'anthropic', anchors: exactly('sk-ant-') },
  'groq/1': { name: 'groq', anchors: exactly('gsk_') },
  'huggingface/1': { name: 'huggingface', anchors: followedBy('hf_', letters) },
  'linear/1': { name: 'linear', anchors: exactly('lin_api_') },
  'notion/1': { name: 'notion', anchors: followedBy('ntn_', digits) },
  '1password/1': { name: '1password', anchors: exactly('ops_ey'), reach: 1400 },
  'hashicorp-vault/1': { name: 'vault', anchors: exactly('hvs.') },
  'hashicorp-vault/2': { name: 'vault', anchors: exactly('hvb.') },
  'hashicorp-vault/3': { name: 'vault', anchors: exactly('hvr.') },
  'vercel/1': { name: 'vercel', anchors: exactly('vcp_', 'vci_', 'vca_', 'vcr_', 'vck_') },
  'databricks/1': { name: 'databricks', anchors: exactly('dapi') },
  'docker/1': { name: 'docker', anchors: exactly('dckr_pat_') },
  'figma/1': { name: 'figma', anchors: exactly('figd_') },
  'cloudflare/1': { name: 'cloudflare', anchors: exactly('cfk_', 'cfut_', 'cfat_') },
  'tailscale/1': { name: 'tailscale', anchors: exactly('tskey-') },
};

/** Patterns that are not used, and the rule of our own that finds the same and more. */
export const replacedPatterns: { readonly [id: string]: string } = {
  'aws/1': 'assignment',
  'privatekey/1': 'private-key',
  'basicauth/1': 'connection-string',
  'database-connection-string/1': 'connection-string',
  'database-connection-string/2': 'connection-string',
  'database-connection-string/3': 'connection-string',
  'filter-comments/1': 'no secret, but a comment that switches rules off',
};

/** The maintained part of the rule set. */
export const secretlintRules: readonly Rule[] = table.patterns.flatMap(({ id, source, flags }) => {
  const use = uses[id];
  const least = use?.least ?? 0;
  return use === undefined
    ? []
    : [
        patternRule({
          ...use,
          pattern: new RegExp(source, flags),
          isToken: true,
          accepts: (secret) => secret.length >= least,
        }),
      ];
});

/** Patterns of the table that nobody uses: none, or the package brought a new one that wants an anchor. */
export const unusedPatterns: readonly string[] = table.patterns
  .map(({ id }) => id)
  .filter((id) => !(id in uses) && !(id in replacedPatterns));
