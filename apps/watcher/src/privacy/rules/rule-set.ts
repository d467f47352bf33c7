import { assignmentRules } from './assignment-rules';
import { connectionStringRule } from './connection-string-rule';
import { privateKeyRule } from './private-key-rule';
import type { Rule } from './rule';
import { secretlintRules, secretlintVersion } from './secretlint-rules';
import { tokenRules } from './token-rules';

/** Rises with every change of our own rules. */
const ownVersion = 1;

/** Every kind of secret that is masked. */
export const secretRules: readonly Rule[] = [
  privateKeyRule,
  ...secretlintRules,
  ...tokenRules,
  connectionStringRule,
  ...assignmentRules,
];

/** Names the rules, for people who compare hosts. */
export const ruleSetVersion = `telltale-${ownVersion}+secretlint-${secretlintVersion}`;
