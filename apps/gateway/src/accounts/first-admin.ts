import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, IsNull } from 'typeorm';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { UserEntity } from '../database/user.entity';
import { hashPassword } from './passwords';

export const firstAdmin = 'admin';

/** Sees to it, when the gateway starts, that somebody can administer. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await ensureAdmin(this.database, this.config.adminPassword);
  }
}

/**
 * Makes `admin` where there is no user yet. Without a password given it gets a random one that nobody knows:
 * sign-in links lead in. A later start changes nothing, whatever password is given then.
 *
 * @returns the name of an administrator
 */
export async function ensureAdmin(database: DataSource, password: string | undefined): Promise<string> {
  const users = database.getRepository(UserEntity);
  const known = await users.findOne({
    where: { role: 'admin', disabledAt: IsNull() },
    order: { createdAt: 'ASC', username: 'ASC' },
  });
  if (known) return known.username;
  await users
    .createQueryBuilder()
    .insert()
    .values({
      username: firstAdmin,
      role: 'admin',
      passwordHash: await hashPassword(password ?? randomBytes(24).toString('base64url')),
    })
    .orIgnore() // another replica may have been first
    .execute();
  return firstAdmin;
}
