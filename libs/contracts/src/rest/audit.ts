import { z } from 'zod';
import { instantSchema } from '../vocabulary';

/** What the audit trail tells of: sign-ins, and everything that only administrators may do. */
export const auditActions = [
  'auth.login',
  'auth.link-used',
  'auth.logout',
  'auth.password-changed',
  'user.made',
  'user.changed',
  'user.removed',
  'user.link-made',
  'token.made',
  'token.revoked',
  'host.removed',
  'session.deleted',
  'quarantine.retried',
  'budgets.set',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** `refused`: the answer was a 4xx, `failed`: a 5xx. */
export const auditOutcomes = ['ok', 'refused', 'failed'] as const;
export const auditOutcomeSchema = z.enum(auditOutcomes);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

export const auditEntrySchema = z.object({
  /** Ascending in the order of writing. */
  id: z.string(),
  at: instantSchema,
  /** Null where nobody was signed in. */
  username: z.string().nullable(),
  /** The API token that was used, if any. */
  tokenId: z.string().nullable(),
  address: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  outcome: auditOutcomeSchema,
  /** The HTTP status of the answer. */
  status: z.number().int().nullable(),
  /** More of what was done; never a secret. */
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditQuerySchema = z.strictObject({
  action: z.enum(auditActions).optional(),
  user: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** Newest first. */
export const auditListSchema = z.object({
  items: z.array(auditEntrySchema),
  nextCursor: z.string().nullable(),
});
export type AuditList = z.infer<typeof auditListSchema>;
