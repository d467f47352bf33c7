import { z } from 'zod';

export const roles = ['admin', 'viewer'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const userSchema = z.object({ username: z.string(), role: roleSchema });
export type User = z.infer<typeof userSchema>;

export const loginRequestSchema = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** Takes a one-time link's token. */
export const signInRequestSchema = z.strictObject({ token: z.string().min(16).max(500) });
export type SignInRequest = z.infer<typeof signInRequestSchema>;

export const loginResponseSchema = z.object({
  accessToken: z.string(),
  expiresAt: z.string(),
  user: userSchema,
});
export type LoginResponse = z.infer<typeof loginResponseSchema>;
