import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { RouterLink } from '@angular/router';
import { MessageFeed } from '../feed/message-feed';
import { EmptyState } from '../figures/empty-state';
import { counted, formatCount, formatMoney, formatTokens } from '../figures/format';
import { StatCard } from '../figures/stat-card';
import { TokenSplit, tokenSeries } from '../figures/token-split';
import { SessionStore } from '../live/session-store';
import { TopBar } from '../shell/top-bar';
import { duration } from '../time/durations';
import { AgentsPanel } from './agents-panel';
import { ErrorsPanel } from './errors-panel';
import { ObjectivesPanel } from './objectives-panel';
import { SessionHead } from './session-head';
import { TokenPanel } from './token-panel';
import { ToolsPanel } from './tools-panel';

/** One session, live: what it is, what it did, what it cost. */
@Component({
  selector: 'tt-session-page',
  imports: [
    AgentsPanel,
    EmptyState,
    ErrorsPanel,
    MessageFeed,
    ObjectivesPanel,
    RouterLink,
    SessionHead,
    StatCard,
    TokenPanel,
    TokenSplit,
    ToolsPanel,
    TopBar,
  ],
  providers: [SessionStore],
  templateUrl: './session-page.html',
  styleUrl: './session-page.css',
  host: { '(window:beforeunload)': 'store.close()' },
})
export class SessionPage {
  /** From the address. */
  readonly id = input.required<string>();

  protected readonly store = inject(SessionStore);
  readonly #title = inject(Title);
  protected readonly count = formatCount;
  protected readonly money = formatMoney;
  protected readonly tokens = formatTokens;
  protected readonly series = tokenSeries;
  protected readonly panels = [0, 1, 2];

  protected readonly crumb = computed(() => {
    const session = this.store.session();
    return session?.project?.name ?? session?.host ?? 'Session';
  });
  protected readonly messagesContext = computed(() => {
    const stats = this.store.session()?.stats;
    if (!stats) return '';
    return `${counted(stats.prompts, 'prompt')} · ${counted(stats.messages - stats.prompts, 'answer')}`;
  });
  protected readonly toolsContext = computed(() => {
    const session = this.store.session();
    if (!session) return '';
    const errors = session.stats.toolErrors > 0 ? counted(session.stats.toolErrors, 'error') : 'no errors';
    const median = medianOf(session.tools);
    return median === null ? errors : `${errors} · median ${duration(median)}`;
  });
  protected readonly costContext = computed(() => {
    const stats = this.store.session()?.stats;
    if (!stats) return '';
    const { unpricedModels, reportedCostUsd } = stats;
    if (unpricedModels.length > 0) return `no price for ${unpricedModels.join(', ')}`;
    return reportedCostUsd === null
      ? 'at API prices'
      : `the tool’s own figure ${formatMoney(reportedCostUsd)}`;
  });
  protected readonly reportedBeside = computed(() => {
    const stats = this.store.session()?.stats;
    if (!stats || stats.unpricedModels.length === 0 || stats.reportedCostUsd === null) return '';
    return `the tool’s own figure ${formatMoney(stats.reportedCostUsd)}`;
  });

  constructor() {
    effect((onCleanup) => {
      const id = this.id();
      untracked(() => this.store.open(id));
      onCleanup(() => this.store.close());
    });
    effect(() => {
      const session = this.store.session();
      if (session) this.#title.setTitle(`${session.title ?? session.project?.name ?? 'Session'} · Telltale`);
    });
  }
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
