import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const secretsSchema = z.object({
  /** NATS: all rights, for whoever looks after it. */
  operator: z.string().min(16),
  /** NATS and PostgreSQL. */
  ingest: z.string().min(16),
  /** NATS and PostgreSQL. */
  gateway: z.string().min(16),
  /** NATS: this host's watcher. */
  watcher: z.string().min(16),
  /** NATS: whoever looks on, subscribe only. */
  reader: z.string().min(16),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** The passwords of the embedded servers' users, made at the first start. PostgreSQL's owner keeps its own in the data folder. */
export function openSecrets(file: string): Secrets {
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    const known = parse(readFileSync(file, 'utf8'));
    if (known) return known;
  }
  const password = () => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    operator: password(),
    ingest: password(),
    gateway: password(),
    watcher: password(),
    reader: password(),
  };
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** Nothing is lost with a broken file: the server gets the new passwords at this start. */
function parse(text: string): Secrets | undefined {
  try {
    return secretsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
