/** Who this replica is. */
export class IngestIdentity {
  readonly startedAt = new Date().toISOString();
  constructor(
    readonly instance: string,
    readonly version: string,
  ) {}
}
