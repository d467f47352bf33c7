import { runFile } from '@telltale/domain';
import type { WatchedSource } from '../source';
import { FolderReader } from './folder-reader';
import { PictureJobs } from './picture-jobs';
import { PictureReader } from './picture-reader';

export interface UiTestSettings {
  /** Folders that hold `session_*`. */
  readonly roots: readonly string[];
  /** A larger picture is left out. */
  readonly screenshotLimitBytes: number;
}

/** Results of UI test runs: `session_*` folders right below each root. A run's logs are left alone. */
export function uiTestSource({ roots, screenshotLimitBytes }: UiTestSettings): WatchedSource {
  const pictures = { limitBytes: screenshotLimitBytes, jobs: new PictureJobs() };
  return {
    name: 'ui-test',
    roots,
    entersDirectory(root, directory) {
      return (
        runFile(root, directory).kind === 'folder' ||
        runFile(root, `${directory}/a.png`).kind === 'screenshot'
      );
    },
    describeFile(root, path) {
      const file = runFile(root, path);
      switch (file.kind) {
        case 'report':
          return { reading: 'document', orderingKey: file.folder };
        case 'screenshot':
          return { reading: () => new PictureReader(pictures), orderingKey: file.folder };
        default:
          return undefined;
      }
    },
    describeDirectory(root, directory) {
      const file = runFile(root, directory);
      return file.kind === 'folder'
        ? { reading: () => new FolderReader(), orderingKey: file.folder }
        : undefined;
    },
  };
}
