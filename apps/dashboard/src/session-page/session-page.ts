import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { MessageFeed } from '../feed/message-feed';
import { EmptyState } from '../figures/empty-state';
import { counted, formatCount, formatMoney, formatTokens } from '../figures/format';
import { StatCard } from '../figures/stat-card';
import { TokenSplit, tokenSeries } from '../figures/token-split';
import { reportedCost, unpricedWords } from '../figures/reported-cost';
import { Filmstrip } from '../screenshots/filmstrip';
import { SessionStore } from '../live/session-store';
import type { Source, TestReport } from '@telltale/contracts';
import { PageTitle } from '../shell/page-title';
import { TopBar } from '../shell/top-bar';
import { TestIssues } from '../test-run/test-issues';
import { TestResult } from '../test-run/test-result';
import { TestSteps } from '../test-run/test-steps';
import { medianMs } from '../test-run/test-words';
import { duration } from '../time/durations';
import { AgentsPanel } from './agents-panel';
import { ChildrenPanel } from './children-panel';
import { ErrorsPanel } from './errors-panel';
import { FilesPanel } from './files-panel';
import { LimitsPanel } from './limits-panel';
import { ModelsPanel } from './models-panel';
import { ObjectivesPanel } from './objectives-panel';
import { RelatedSessions } from './related-sessions';
import { SessionHead } from './session-head';
import { TokenPanel } from './token-panel';
import { ToolsPanel } from './tools-panel';
import { WaitingBanner } from './waiting-banner';

/** One session, live: what it is, what it did, what it cost. */
@Component({
  selector: 'tt-session-page',
  imports: [
    AgentsPanel,
    ChildrenPanel,
    EmptyState,
    ErrorsPanel,
    FilesPanel,
    Filmstrip,
    LimitsPanel,
    MessageFeed,
    ModelsPanel,
    ObjectivesPanel,
    RouterLink,
    SessionHead,
    StatCard,
    TestIssues,
    TestResult,
    TestSteps,
    TokenPanel,
    TokenSplit,
    ToolsPanel,
    TopBar,
    WaitingBanner,
  ],
  providers: [SessionStore, RelatedSessions],
  templateUrl: './session-page.html',
  styleUrl: './session-page.css',
  host: { '(window:beforeunload)': 'store.close()' },
})
export class SessionPage {
  /** From the address. */
  readonly id = input.required<string>();

  protected readonly store = inject(SessionStore);
  protected readonly related = inject(RelatedSessions);
  readonly #title = inject(PageTitle);
  protected readonly count = formatCount;
  protected readonly money = formatMoney;
  protected readonly tokens = formatTokens;
  protected readonly series = tokenSeries;
  protected readonly cards = [0, 1, 2, 3];

  protected readonly crumb = computed(() => {
    const session = this.store.session();
    return session?.project?.name ?? session?.host ?? 'Session';
  });
  protected readonly messagesContext = computed(() => {
    const stats = this.store.session()?.stats;
    if (!stats) return '';
    return `${counted(stats.prompts, 'prompt')} · ${counted(Math.max(0, stats.messages - stats.prompts), 'answer')}`;
  });
  protected readonly toolsContext = computed(() => {
    const session = this.store.session();
    if (!session) return '';
    const errors = session.stats.toolErrors > 0 ? counted(session.stats.toolErrors, 'error') : 'no errors';
    const median = medianOf(session.tools);
    return median === null ? errors : `${errors} · median ${duration(median)}`;
  });
  /** Computed; where nothing could be priced, the tool's own figure, and the label says so. */
  protected readonly cost = computed(() => {
    const stats = this.store.session()?.stats;
    if (!stats) return { label: 'Cost', value: undefined };
    const { costUsd, reportedCostUsd } = stats;
    if (costUsd === null && reportedCostUsd !== null)
      return { label: 'Cost, as the tool says', value: reportedCostUsd };
    return { label: 'Cost', value: costUsd };
  });
  /** What has no price is named; then the tool's figure beside ours. */
  protected readonly costContext = computed<readonly CostLine[]>(() => {
    const stats = this.store.session()?.stats;
    if (!stats) return [];
    const reported = stats.costUsd === null ? null : reportedCost(stats);
    const words = unpricedWords(stats);
    const unpriced: CostLine[] = words === '' ? [] : [{ text: words, unpriced: true }];
    const said: CostLine[] = reported ? [{ text: reported.says, hint: reported.explains }] : [];
    const lines = [...unpriced, ...said];
    return lines.length > 0 ? lines : [{ text: 'at API prices', hint: 'What the API would charge' }];
  });
  protected readonly isTest = computed(() => this.store.session()?.source === 'ui-test');
  /** A run that has not reported yet runs. */
  protected readonly test = computed(() => this.store.session()?.test ?? (this.isTest() ? unreported : null));
  /** Its issues stand in a list of their own; what else went wrong is told as errors. */
  protected readonly errors = computed(() => {
    const issues = new Set(this.test()?.issues.map(({ type, description }) => `${type} ${description}`));
    return (this.store.session()?.errors ?? []).filter(
      ({ kind, message }) => !issues.has(`${kind} ${message}`),
    );
  });
  protected readonly score = computed(() => {
    const session = this.store.session();
    return session ? (session.test?.playability ?? null) : undefined;
  });
  protected readonly scoreOf = (score: number): string => score.toFixed(2);
  protected readonly actionsContext = computed(() => {
    const test = this.test();
    if (!test) return '';
    const failed = test.actions.filter((action) => action.success === false).length;
    const median = medianMs(test);
    const failures = failed > 0 ? `${failed} failed` : 'none failed';
    return median === null ? failures : `${failures} · median ${duration(median)}`;
  });
  /** A run that talks to nobody needs no feed: its steps have their own list. */
  protected readonly talks = computed(
    () => !this.isTest() || (this.store.session()?.stats.messages ?? 0) > 0,
  );
  /** Where a tool keeps no task list, an empty one would promise what never comes. */
  protected readonly plans = computed(() => {
    const session = this.store.session();
    return session !== null && (session.objectives.length > 0 || planning.has(session.source));
  });
  protected readonly severalModels = computed(() => {
    const session = this.store.session();
    return session !== null && session.tokensByModel.length > 1;
  });

  constructor() {
    effect((onCleanup) => {
      const id = this.id();
      untracked(() => this.store.open(id));
      onCleanup(() => this.store.close());
    });
    effect(() => {
      const session = this.store.session();
      if (session) this.#title.set(session.title ?? session.project?.name ?? 'Session');
      if (session) untracked(() => void this.related.follow(session));
    });
  }
}

const planning: ReadonlySet<Source> = new Set(['claude-code', 'codex', 'opencode']);
const unreported: TestReport = {
  url: null,
  configPath: null,
  result: 'running',
  durationMs: null,
  playability: null,
  scores: {},
  issues: [],
  actions: [],
  methods: {},
  llm: null,
  pictures: {},
};

interface CostLine {
  readonly text: string;
  readonly hint?: string;
  readonly unpriced?: boolean;
}

/** The median over all calls is not the median of medians; the most called tool's says most. */
function medianOf(
  tools: readonly { readonly calls: number; readonly medianMs: number | null }[],
): number | null {
  const timed = tools
    .filter((tool) => tool.medianMs !== null)
    .sort((a, b) => (a.medianMs ?? 0) - (b.medianMs ?? 0));
  const half = timed.reduce((sum, tool) => sum + tool.calls, 0) / 2;
  let passed = 0;
  for (const tool of timed) {
    passed += tool.calls;
    if (passed >= half) return tool.medianMs;
  }
  return null;
}
