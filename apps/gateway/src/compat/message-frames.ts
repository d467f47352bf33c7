import { newMessageFrame, type ShownMessage } from '../live/stat-frames';

/** So many of the latest messages are kept for clients that fall behind, and looked at after a lost delta. */
export const keptMessages = 200;
const mostSeen = 5000;

/** A session's messages as frames, each once: a delta names changed messages, too. */
export class MessageFrames {
  /** How many frames there ever were. */
  said = 0;
  private readonly seen = new Set<string>();
  /** Of the latest. */
  private latest: string[] = [];

  constructor(private readonly sessionId: string) {}

  /** What was there before anybody watched is not new; what had nothing to show yet may still become so. */
  passOver(messages: readonly ShownMessage[], at: string): void {
    for (const message of messages) if (newMessageFrame(this.sessionId, message, at)) this.note(message.id);
  }

  add(messages: readonly ShownMessage[], at: string): void {
    for (const message of messages) {
      const frame = this.seen.has(message.id) ? undefined : newMessageFrame(this.sessionId, message, at);
      if (!frame) continue;
      this.note(message.id);
      this.latest.push(JSON.stringify(frame));
      this.said += 1;
    }
    if (this.latest.length > keptMessages) this.latest = this.latest.slice(-keptMessages);
  }

  /** What came since there were `said` frames; no more than the latest. */
  since(said: number): readonly string[] {
    return this.said > said ? this.latest.slice(said - this.said) : [];
  }

  private note(id: string): void {
    this.seen.add(id);
    for (const oldest of this.seen) {
      if (this.seen.size <= mostSeen) break;
      this.seen.delete(oldest);
    }
  }
}
