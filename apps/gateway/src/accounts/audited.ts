import { SetMetadata } from '@nestjs/common';
import type { AuditAction } from '@telltale/contracts';
import type { Request } from 'express';

export const auditKey = 'telltale:audit';

/** What the audit trail calls this route. Its target is what the path names, unless `noteAudit` says otherwise. */
export const Audited = (action: AuditAction) => SetMetadata(auditKey, action);

/** What only the route itself knows of an entry. Never a secret. */
export interface AuditNote {
  /** Who, where the route is open. */
  readonly username?: string | undefined;
  readonly target?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

const notes = new WeakMap<Request, AuditNote>();

/** Adds to the entry that will be written for this request. */
export function noteAudit(request: Request, note: AuditNote): void {
  const noted = notes.get(request);
  notes.set(request, { ...noted, ...note, details: { ...noted?.details, ...note.details } });
}

export function auditNoteOf(request: Request): AuditNote {
  return notes.get(request) ?? {};
}
