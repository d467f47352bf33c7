import { Inject, Injectable } from '@nestjs/common';
import type { ListExportQuery, SessionExportFormat } from '@telltale/contracts';
import { CLOCK, type Clock } from '../connections';
import { SessionDetails } from '../sessions/session-detail';
import { asCsv } from './as-csv';
import { asJson, asNdjson } from './as-json';
import { asMarkdown } from './as-markdown';
import { fileName } from './file-name';
import type { ExportFile } from './file-sender';
import { messageColumns } from './message-columns';
import { SessionPdfs } from './pdf/session-pdfs';
import { sessionColumns } from './session-columns';
import { SessionFeed } from './session-feed';
import { SessionRows } from './session-rows';

const mediaTypes = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  md: 'text/markdown; charset=utf-8',
  pdf: 'application/pdf',
} as const;

/** Which file is asked for. */
@Injectable()
export class Exports {
  constructor(
    private readonly sessions: SessionDetails,
    private readonly feed: SessionFeed,
    private readonly rows: SessionRows,
    private readonly pdfs: SessionPdfs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ProblemException 404 for an unknown session */
  async session(id: string, format: SessionExportFormat): Promise<ExportFile> {
    const session = await this.sessions.get(id);
    const makes: Record<SessionExportFormat, () => ExportFile['chunks']> = {
      json: () => asJson(session, this.feed.messages(session)),
      csv: () => asCsv(messageColumns, this.feed.messages(session)),
      md: () => asMarkdown(session, this.feed.messages(session)),
      pdf: () => this.pdfs.of(session),
    };
    return { name: fileName(id, format), mediaType: mediaTypes[format], chunks: makes[format]() };
  }

  list(query: ListExportQuery): ExportFile {
    const { format } = query;
    const sessions = this.rows.of(query);
    const day = new Date(this.clock()).toISOString().slice(0, 10);
    return {
      name: fileName(`sessions-${day}`, format),
      mediaType: mediaTypes[format],
      chunks: format === 'csv' ? asCsv(sessionColumns, sessions) : asNdjson(sessions),
    };
  }
}
