import type { Deed, Setting } from './script';

export interface Stage {
  /** Where the tool keeps its files. */
  readonly root: string;
  readonly setting: Setting;
  readonly now: () => Date;
}

/** Writes a session down as its tool does, each record at the stage's time. */
export interface Recorder {
  /** The first one begins the session, and gives it its title. */
  prompt(text: string): void;
  /** The model begins an answer. */
  think(): void;
  say(text: string): void;
  call(deed: Deed): EndOfCall;
  agent(type: string, description: string): Agent;
  /** Its user must allow what was called, and has. */
  ask?(deed: Deed): void;
  answered?(): void;
  mode?(name: string): void;
  pullRequest?(number: number, repository: string): void;
  /** The turn is over: it is its user's now. */
  rest?(): void;
}

export type EndOfCall = (result: string, failed: boolean) => void;

/** A subagent at work. */
export interface Agent {
  readonly recorder: Recorder;
  end(): void;
}

/** Everything that is played bears the mark. */
export function titleOf({ title }: Setting): string {
  return `Demo: ${title}`;
}

export function folderOf({ project }: Setting): string {
  return `/demo/${project}`;
}
