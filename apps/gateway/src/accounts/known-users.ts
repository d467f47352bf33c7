import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource, MoreThan } from 'typeorm';
import { CLOCK, type Clock } from '../connections';
import { EndedSignInEntity } from '../database/ended-sign-in.entity';
import { UserEntity } from '../database/user.entity';
import { AccessChanges } from './access-changes';

/** Where no announcement came through, a removed user or a changed role takes effect within this time. */
const rememberedMs = 5000;
/** Only names in tokens that we signed are asked for; this is for the day on which they are many. */
const mostRemembered = 10_000;

export interface KnownUser {
  /** Null where there is none, or one who may not come in. */
  readonly user: UserEntity | null;
  /** Ids of sign-ins that were ended. */
  readonly ended: ReadonlySet<string>;
}

/** Users as they were a moment ago: every request asks for one, and they hardly ever change. */
@Injectable()
export class KnownUsers {
  private readonly known = new LRUCache<string, { readonly asked: Promise<KnownUser>; readonly at: number }>({
    max: mostRemembered,
  });

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CLOCK) private readonly now: Clock,
    changes: AccessChanges,
  ) {
    // What is being asked for right now is forgotten, too: its answer may be from before the change.
    changes.onChange(({ username }) => {
      if (username !== undefined) this.known.delete(username);
    });
  }

  find(username: string): Promise<KnownUser> {
    const known = this.known.get(username);
    // Either way: a clock that was put back must not keep anybody.
    if (known && Math.abs(this.now() - known.at) < rememberedMs) return known.asked;
    const asked = this.ask(username);
    this.known.set(username, { asked, at: this.now() });
    asked.catch(() => {
      if (this.known.get(username)?.asked === asked) this.known.delete(username); // the next request asks again
    });
    return asked;
  }

  private async ask(username: string): Promise<KnownUser> {
    const [user, ended] = await Promise.all([
      this.database.getRepository(UserEntity).findOneBy({ username }),
      this.database
        .getRepository(EndedSignInEntity)
        .findBy({ username, expiresAt: MoreThan(new Date(this.now())) }),
    ]);
    return {
      user: user?.disabledAt === null ? user : null,
      ended: new Set(ended.map(({ id }) => id)),
    };
  }
}
