import { z } from 'zod';

/** Replicas of the gateway tell each other on core NATS whose access changed. */
export const accessChangesSubject = 'telltale.control.access';

/** Who is to be looked at again: all of a user's sign-ins and tokens, or one API token. */
export const accessChangeSchema = z.object({
  username: z.string().optional(),
  tokenId: z.string().optional(),
  /** Which replica says so; it has told itself already. */
  replica: z.string().optional(),
});
export type AccessChange = z.infer<typeof accessChangeSchema>;
