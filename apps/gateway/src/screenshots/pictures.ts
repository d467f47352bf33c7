import { Inject, Injectable } from '@nestjs/common';
import { pictureTypes, type PictureType } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { notFound } from '../problems/problem';
import { isSession } from '../sessions/list-filters';

/** A picture that is shown, and where its bytes lie. */
export interface Picture {
  readonly filename: string;
  readonly sha256: string;
  readonly mediaType: PictureType;
  readonly bytes: number;
  readonly host: string;
}

interface Row {
  readonly filename: string;
  readonly sha256: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly host: string;
}

@Injectable()
export class Pictures {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** Of sessions that are shown. @throws ProblemException 404 */
  async get(id: string): Promise<Picture> {
    const row = /^[0-9a-f]{32}$/.test(id) ? await this.find(id) : undefined;
    const mediaType = pictureTypes.find((type) => type === row?.media_type);
    if (row === undefined || mediaType === undefined) throw notFound('There is no such picture.');
    const { filename, sha256, bytes, host } = row;
    return { filename, sha256, mediaType, bytes, host };
  }

  private async find(id: string): Promise<Row | undefined> {
    const { rows } = await this.readModel.query<Row>({
      name: 'picture',
      text: `select p.filename, p.sha256, p.media_type, p.bytes, p.host
             from screenshot p join session s on s.id = p.session_id where p.id = $1 and ${isSession}`,
      values: [id],
    });
    return rows[0];
  }
}
