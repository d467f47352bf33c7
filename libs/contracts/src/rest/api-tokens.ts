import { z } from 'zod';

/** What an API token may do: read and watch; push sessions; everything. */
export const tokenScopes = ['read', 'push', 'admin'] as const;
export const tokenScopeSchema = z.enum(tokenScopes);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

export const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(tokenScopeSchema),
  /** Who made it. It can do no more than its maker can. */
  username: z.string(),
  /** The API token it was made with, if any: it is revoked with that one. */
  madeBy: z.string().nullable(),
  createdAt: z.string(),
  /** Null: never. */
  expiresAt: z.string().nullable(),
  /** To the minute; null: never used. */
  lastUsedAt: z.string().nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

export const apiTokenListSchema = z.object({ items: z.array(apiTokenSchema) });
export type ApiTokenList = z.infer<typeof apiTokenListSchema>;

export const createApiTokenRequestSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(tokenScopeSchema)
    .min(1)
    .transform((given) => tokenScopes.filter((scope) => given.includes(scope))),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((value) => value ?? null),
});
export type CreateApiTokenRequest = z.infer<typeof createApiTokenRequestSchema>;

/** The token itself is told here, and never again. */
export const createdApiTokenSchema = apiTokenSchema.extend({ token: z.string() });
export type CreatedApiToken = z.infer<typeof createdApiTokenSchema>;
