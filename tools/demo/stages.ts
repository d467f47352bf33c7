import { join } from 'node:path';
import { ClaudeRecorder } from './claude-code/claude-recorder';
import { LiveRegistry } from './claude-code/live-registry';
import { CodexRecorder } from './codex/codex-recorder';
import { GeminiRecorder } from './gemini/gemini-recorder';
import { OpenCodeRecorder } from './opencode/opencode-recorder';
import { jsonStore, sqliteStore } from './opencode/stores';
import type { Begin } from './play';
import type { Stage } from './recorder';
import type { Setting } from './script';

/** Below one folder each tool has a folder of its own, where the watcher looks for it. */
export class Stages {
  readonly registry: LiveRegistry;
  private readonly sqlite: ReturnType<typeof sqliteStore>;

  /** @param pid of the process that stands for the one of `attended`'s */
  constructor(
    private readonly folder: string,
    private readonly attended: Setting,
    pid: number,
  ) {
    this.registry = new LiveRegistry(this.rootOf('claude-code'), pid);
    this.sqlite = sqliteStore(this.rootOf('opencode'));
  }

  rootOf(source: string): string {
    return join(this.folder, source);
  }

  begin(setting: Setting): Begin {
    return (now) => this.recorder({ root: this.rootOf(setting.tool), setting, now });
  }

  private recorder(stage: Stage): ReturnType<Begin> {
    const { tool, older } = stage.setting;
    switch (tool) {
      case 'claude-code':
        return new ClaudeRecorder(stage, stage.setting === this.attended ? this.registry : undefined);
      case 'codex':
        return new CodexRecorder(stage);
      case 'gemini':
        return new GeminiRecorder(stage);
      case 'opencode':
        return new OpenCodeRecorder(stage, older ? jsonStore(stage.root) : this.sqlite);
    }
  }
}
