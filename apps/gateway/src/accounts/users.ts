import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Account, ChangeAccountRequest, CreateAccountRequest } from '@telltale/contracts';
import { DataSource, type EntityManager, type UpdateQueryBuilder } from 'typeorm';
import { SignInTokenEntity } from '../database/sign-in-token.entity';
import { nextTokenVersion, UserEntity } from '../database/user.entity';
import { isViolation } from '../database/violations';
import { AccessChanges } from './access-changes';
import { hashPassword } from './passwords';

/** Why a user was not changed. */
export type Refusal = 'no such user' | 'last administrator';

/** Users, as administrators tend them. */
@Injectable()
export class Users {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly changes: AccessChanges,
  ) {}

  async list(): Promise<Account[]> {
    const users = await this.database.getRepository(UserEntity).find({ order: { username: 'ASC' } });
    return users.map(shown);
  }

  find(username: string): Promise<UserEntity | null> {
    return this.database.getRepository(UserEntity).findOneBy({ username });
  }

  /** Undefined where the name is taken, in whatever case of letters. */
  async make({ username, role, password }: CreateAccountRequest): Promise<Account | undefined> {
    const passwordHash = await hashPassword(password ?? randomBytes(24).toString('base64url'));
    const users = this.database.getRepository(UserEntity);
    try {
      await users.insert({ username, role, passwordHash });
    } catch (error) {
      if (isViolation(error, 'unique')) return undefined;
      throw error;
    }
    this.changes.announce({ username });
    return shown(await users.findOneByOrFail({ username }));
  }

  async change(
    username: string,
    { role, password, disabled }: ChangeAccountRequest,
  ): Promise<Account | Refusal> {
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const changed = await this.keepingAnAdministrator(username, async (manager, user) => {
      const isNews = disabled !== undefined && disabled !== (user.disabledAt !== null);
      const disabledAt = disabled ? new Date() : null;
      await update(manager, username, {
        ...(role === undefined ? {} : { role }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
        ...(isNews ? { disabledAt } : {}),
        ...(isNews || passwordHash !== undefined ? { tokenVersion: () => nextTokenVersion } : {}),
      });
      if (isNews || passwordHash !== undefined) await manager.delete(SignInTokenEntity, { username });
      return shown(await manager.findOneByOrFail(UserEntity, { username }));
    });
    this.changes.announce({ username });
    return changed;
  }

  /** Sets the password and ends all sign-ins: whoever goes on needs a new token. */
  async setPassword(username: string, password: string): Promise<UserEntity> {
    const passwordHash = await hashPassword(password);
    const user = await this.database.transaction(async (manager) => {
      await update(manager, username, { passwordHash, tokenVersion: () => nextTokenVersion });
      await manager.delete(SignInTokenEntity, { username });
      return manager.findOneByOrFail(UserEntity, { username });
    });
    this.changes.announce({ username });
    return user;
  }

  /** With the user's tokens and links. Undefined: done. */
  async remove(username: string): Promise<Refusal | undefined> {
    const refusal = await this.keepingAnAdministrator(username, async (manager) => {
      await manager.delete(UserEntity, { username });
      return undefined;
    });
    this.changes.announce({ username });
    return refusal;
  }

  /** Undoes a change that would leave nobody to administer. Two at once wait for each other. */
  private async keepingAnAdministrator<T>(
    username: string,
    change: (manager: EntityManager, user: UserEntity) => Promise<T>,
  ): Promise<T | Refusal> {
    try {
      return await this.database.transaction(async (manager) => {
        await lockAdministrators(manager);
        const user = await manager.findOneBy(UserEntity, { username });
        if (!user) throw new Refused('no such user');
        const done = await change(manager, user);
        if ((await lockAdministrators(manager)) === 0) throw new Refused('last administrator');
        return done;
      });
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
  }
}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}

/** @returns how many may come in */
async function lockAdministrators(manager: EntityManager): Promise<number> {
  const administrators = await manager
    .createQueryBuilder(UserEntity, 'user')
    .setLock('pessimistic_write')
    .where("user.role = 'admin' and user.disabledAt is null")
    .orderBy('user.username')
    .getMany();
  return administrators.length;
}

type Changes = Parameters<UpdateQueryBuilder<UserEntity>['set']>[0];

async function update(manager: EntityManager, username: string, changes: Changes): Promise<void> {
  if (Object.keys(changes).length > 0) await manager.update(UserEntity, { username }, changes);
}

function shown({ username, role, disabledAt, createdAt, lastSignInAt }: UserEntity): Account {
  return {
    username,
    role,
    disabled: disabledAt !== null,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}
