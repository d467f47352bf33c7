import { z } from 'zod';
import { roleSchema } from './auth';

/** Plain characters: names stand in paths, in subjects and in the audit trail. */
export const usernameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/,
    'A name is 1 to 100 letters, digits and . _ @ + - and begins with a letter or digit.',
  );

export const passwordLimits = { least: 12, most: 1000 } as const;

/** Length is what makes a password hard to guess; which characters it has does not matter. */
export const newPasswordSchema = z
  .string()
  .min(passwordLimits.least, `A password has at least ${passwordLimits.least} characters.`)
  .max(passwordLimits.most, `A password has at most ${passwordLimits.most} characters.`);

/** A user as administrators see it. */
export const accountSchema = z.object({
  username: z.string(),
  role: roleSchema,
  /** May not come in, and nor may tokens this user made. */
  disabled: z.boolean(),
  createdAt: z.string(),
  lastSignInAt: z.string().nullable(),
});
export type Account = z.infer<typeof accountSchema>;

export const accountListSchema = z.object({ items: z.array(accountSchema) });
export type AccountList = z.infer<typeof accountListSchema>;

/** Without a password nobody can sign in with one: a sign-in link leads in. */
export const createAccountRequestSchema = z.strictObject({
  username: usernameSchema,
  role: roleSchema,
  password: newPasswordSchema.nullish().transform((value) => value ?? undefined),
});
export type CreateAccountRequest = z.infer<typeof createAccountRequestSchema>;

/** What is absent stays as it is. A new password, and being disabled, end the user's sessions. */
export const changeAccountRequestSchema = z
  .strictObject({
    role: roleSchema.optional(),
    password: newPasswordSchema.optional(),
    disabled: z.boolean().optional(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
    message: 'Say what to change: role, password or disabled.',
  });
export type ChangeAccountRequest = z.infer<typeof changeAccountRequestSchema>;

/** The link is told here, and never again. It signs in once. */
export const signInLinkSchema = z.object({ link: z.string(), expiresAt: z.string() });
export type SignInLink = z.infer<typeof signInLinkSchema>;

/** Who came by a sign-in link within the last hour may leave out the current password. */
export const changePasswordRequestSchema = z.strictObject({
  current: z.string().min(1).max(passwordLimits.most).optional(),
  new: newPasswordSchema,
});
export type ChangePasswordRequest = z.infer<typeof changePasswordRequestSchema>;
