import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Session } from '@telltale/contracts';
import { Lamp, lampTone } from '../figures/lamp';
import { SourceMark } from '../figures/source-mark';
import { Step } from '../figures/step';
import { isActive, sourceWords, statusWords } from '../figures/words';
import { Icon } from '../icons/icon';
import { PipelineStore } from '../live/pipeline-store';
import { Clock } from '../time/clock';
import { duration, fullTime, shortAge } from '../time/durations';
import { RelatedSessions, type Related } from './related-sessions';

/** What the session is, where it runs and since when. */
@Component({
  selector: 'tt-session-head',
  imports: [Icon, Lamp, RouterLink, SourceMark, Step],
  templateUrl: './session-head.html',
  styleUrl: './session-head.css',
})
export class SessionHead {
  readonly session = input.required<Session>();
  readonly #clock = inject(Clock);
  readonly #related = inject(RelatedSessions);
  readonly #pipeline = inject(PipelineStore);

  protected readonly tone = computed(() => lampTone(this.session().status));
  protected readonly source = computed(() => sourceWords[this.session().source]);
  protected readonly title = computed(
    () => this.session().title ?? this.session().project?.name ?? 'Untitled session',
  );
  protected readonly state = computed(() => {
    const { status, lastActivityAt } = this.session();
    if (status === 'running' || lastActivityAt === null) return statusWords[status];
    const age = shortAge(this.#clock.second() - Date.parse(lastActivityAt));
    if (status === 'waiting') return `${statusWords.waiting} · ${age}`;
    return `${statusWords[status]} · ${age}${age === 'now' ? '' : ' ago'}`;
  });
  /** Ticks while the session is active; then it is from start to end. */
  protected readonly elapsed = computed(() => {
    const { startedAt, endedAt, lastActivityAt, status } = this.session();
    if (startedAt === null) return '';
    const now = isActive(status) ? this.#clock.second() : Date.parse(endedAt ?? lastActivityAt ?? startedAt);
    const ms = Math.max(0, now - Date.parse(startedAt));
    return ms < 10_000 ? `${Math.floor(ms / 1000)} s` : duration(ms);
  });
  protected readonly started = computed(() => {
    const { startedAt } = this.session();
    return startedAt === null ? '' : `Started ${fullTime(startedAt)}`;
  });
  /** The one it talks to first, then what else answered. `unknown` is what a tool names no model for. */
  protected readonly models = computed(() => {
    const { model, models } = this.session();
    return [...new Set(model === null ? models : [model, ...models])].filter((name) => name !== 'unknown');
  });
  protected readonly links = computed(() =>
    this.session().links.filter((link) => /^https?:\/\//.test(link.url)),
  );
  /** What of the texts stays on its host, by its owner's choice. */
  protected readonly kept = computed(() => {
    const { host } = this.session();
    const content = this.#pipeline.hosts().find((known) => known.host === host)?.content;
    if (content === 'none') return { words: 'numbers only', explains: `Texts do not leave ${host}.` };
    if (content !== 'preview') return null;
    return { words: 'previews only', explains: `Whole texts do not leave ${host}.` };
  });
  /** The session it belongs to and the one it was forked from, by title as soon as that is known. */
  protected readonly origins = computed(() => [
    ...originOf('Part of', this.#related.parent()),
    ...originOf('Forked from', this.#related.forkedFrom()),
  ]);
}

interface Origin {
  readonly word: string;
  readonly id: string;
  readonly name: string;
  /** Null: there is no page to go to. */
  readonly to: string | null;
}

function originOf(word: string, related: Related | null): Origin[] {
  if (!related) return [];
  const { id, session } = related;
  const name = session?.title ?? session?.project?.name ?? (id.length > 20 ? `${id.slice(0, 12)}…` : id);
  return [{ word, id, name, to: session === null ? null : id }];
}
