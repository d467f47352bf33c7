import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, createLogger, ensureFactsStream, HeadsTeller } from '@telltale/platform';
import {
  startTestNats,
  temporaryFolder,
  type TemporaryFolder,
  type TestNats,
} from '@telltale/platform/testing';
import { claudeCodeSource } from '../sources/claude-code/claude-code-source';
import { createExclusion } from '../sources/exclusion';
import { Watcher, type WatcherRequest } from '../watcher';
import { allFacts, generationsOf, type Generation, type ReadFact } from './facts';

export const testHost = 'test-host';
const quiet = createLogger('test', { write: () => undefined });

/** A log, a Claude Code root and any number of watchers, for one test. */
export interface Workbench {
  readonly nats: TestNats;
  readonly connection: NatsConnection;
  readonly root: string;
  /** A folder below `projects`, made. */
  project(name?: string): Promise<string>;
  /** Tells watchers their heads, as ingest does, until it is told to stop. */
  tellHeads(): Promise<() => Promise<void>>;
  watch(options?: Partial<WatcherRequest> & { exclude?: readonly string[] }): Promise<RunningWatcher>;
  facts(): Promise<ReadFact[]>;
  generations(path: string): Promise<Generation[]>;
  /** What the newest generation of a file holds, as text; empty where the log knows nothing of it. */
  content(path: string): Promise<string>;
  close(): Promise<void>;
}

export interface RunningWatcher {
  readonly watcher: Watcher;
  stop(): Promise<void>;
}

export async function workbench(): Promise<Workbench> {
  const nats = await startTestNats();
  const connection = await connectNats({ url: nats.url, name: 'test', logger: quiet });
  await ensureFactsStream(connection);
  const folder: TemporaryFolder = await temporaryFolder();
  const root = join(folder.path, 'claude');
  const running = new Set<RunningWatcher>();
  const telling = new Set<() => Promise<void>>();
  // By a connection of its own: one that is just coming back after a kill loses requests.
  const tellHeads = async () => {
    const own = await connectNats({ url: nats.url, name: 'ingest', logger: quiet });
    const teller = new HeadsTeller(own, quiet);
    teller.start();
    await own.flush();
    const end = () => {
      telling.delete(end);
      teller.stop();
      return own.close();
    };
    telling.add(end);
    return end;
  };
  const facts = async () => {
    const own = await connectNats({ url: nats.url, name: 'reader', logger: quiet });
    return allFacts(own).finally(() => own.close());
  };
  const generations = async (path: string) => generationsOf(await facts(), path);
  return {
    nats,
    connection,
    root,
    tellHeads,
    facts,
    generations,
    content: async (path) => (await generations(path)).at(-1)?.content.toString('latin1') ?? '',
    project: async (name = '-home-me-shop') => {
      const path = join(root, 'projects', name);
      await mkdir(path, { recursive: true });
      return path;
    },
    watch: async ({ exclude = [], ...options } = {}) => {
      const own = await connectNats({ url: nats.url, name: 'watcher', logger: quiet });
      const watcher = new Watcher({
        connection: own,
        host: testHost,
        sources: [claudeCodeSource([root])],
        excluded: createExclusion(exclude),
        logger: quiet,
        measures: { stored: () => undefined, conflict: () => undefined },
        sweepIntervalMs: 200,
        ...options,
      });
      const one: RunningWatcher = {
        watcher,
        stop: async () => {
          running.delete(one);
          await watcher.stop();
          await own.close();
        },
      };
      running.add(one);
      await watcher.start();
      return one;
    },
    close: async () => {
      await Promise.all([...running].map((one) => one.stop()));
      await Promise.all([...telling].map((end) => end()));
      await connection.close();
      await nats.stop();
      await folder.remove();
    },
  };
}
