import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AuditEntry, AuditList, AuditOutcome, AuditQuery } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { DataSource, LessThan, MoreThan } from 'typeorm';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { AuditEntryEntity } from '../database/audit-entry.entity';
import { badRequest } from '../problems/problem';
import { addressKey } from './address-key';
import { AuditQuota } from './audit-quota';

/** What is written down of one action. */
export interface AuditRecord {
  readonly action: string;
  readonly username: string | undefined;
  readonly tokenId: string | undefined;
  readonly address: string | undefined;
  readonly target: string | undefined;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A target may be the caller's choice. */
const longest = 1000;
const atHomeDays = 90;

/** Who did what. Entries are never changed and never removed. */
@Injectable()
export class AuditTrail {
  /** Apart: who is nobody must not use up what tells of those who are known. */
  private readonly quotas = { nobody: new AuditQuota(), known: new AuditQuota() };

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws: what was done is done. Each entry stands in the log as well, which no right in the database changes. */
  async write(record: AuditRecord): Promise<void> {
    const outcome = outcomeOf(record.status);
    const leftOut = this.leftOut(outcome, record);
    if (leftOut === undefined) return;
    const details = leftOut > 0 ? { ...record.details, leftOutBefore: leftOut } : record.details;
    const entry = storable({ ...record, outcome, details, target: record.target?.slice(0, longest) });
    this.logger.info('audit', { entry });
    try {
      await this.entries.insert({ ...withNulls(entry), at: new Date(this.now()) });
    } catch (error) {
      this.logger.error('the audit entry was not written', { entry, error });
    }
  }

  /** @returns undefined: this one is left out. Else how many were since the last one that was written */
  private leftOut(outcome: AuditOutcome, { username, address }: AuditRecord): number | undefined {
    if (username === undefined) {
      return outcome === 'ok' ? 0 : this.quotas.nobody.take(addressKey(address), this.now());
    }
    // What failed may have been done all the same.
    return outcome === 'refused' ? this.quotas.known.take(username, this.now()) : 0;
  }

  /** Newest first. @throws ProblemException 400 for a cursor that is none */
  async list({ action, user, limit, cursor }: AuditQuery): Promise<AuditList> {
    const found = await this.entries.find({
      where: {
        ...(action === undefined ? {} : { action }),
        ...(user === undefined ? {} : { username: user }),
        ...(cursor === undefined ? {} : { id: LessThan(idOf(cursor)) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = found.slice(0, limit).map(shown);
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last ? cursorOf(last.id) : null };
  }

  /** Whether this user signed in from this address lately. */
  cameIn(username: string, address: string | undefined): Promise<boolean> {
    if (address === undefined) return Promise.resolve(false);
    const at = MoreThan(new Date(this.now() - atHomeDays * 86_400_000));
    return this.entries.existsBy({ action: 'auth.login', outcome: 'ok', username, address, at });
  }

  private get entries() {
    return this.database.getRepository(AuditEntryEntity);
  }
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
}

/** PostgreSQL stores neither a NUL nor half a character; who sent one along must not go without an entry. */
function storable<T extends object>(entry: T): T {
  return JSON.parse(JSON.stringify(entry), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value,
  ) as T;
}

function withNulls(entry: Omit<AuditRecord, 'details'> & Pick<AuditEntryEntity, 'outcome' | 'details'>) {
  const { username = null, tokenId = null, address = null, target = null, ...rest } = entry;
  return { ...rest, username, tokenId, address, target };
}

function shown({ id, at, ...entry }: AuditEntryEntity): AuditEntry {
  return { ...entry, id: String(id), details: { ...entry.details }, at: at.toISOString() };
}

function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function idOf(cursor: string): number {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{1,15}$/.test(id)) throw badRequest('cursor', 'This cursor is not one of this list.');
  return Number(id);
}
