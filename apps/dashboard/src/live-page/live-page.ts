import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AnalyticsSummary } from '@telltale/contracts';
import { ChartMissing } from '../charts/chart-missing';
import { CostChart } from '../charts/cost-chart';
import { formatCount, formatMoney, formatShare, formatTokens } from '../figures/format';
import { Lamp } from '../figures/lamp';
import { Sparkline } from '../figures/sparkline';
import { StatCard } from '../figures/stat-card';
import { TokenSplit } from '../figures/token-split';
import { FleetStore } from '../live/fleet-store';
import { PipelineStore } from '../live/pipeline-store';
import { TodayStore } from '../live/today-store';
import { TopBar } from '../shell/top-bar';
import { ActivityPanel } from './activity-panel';
import { HostsPanel } from './hosts-panel';
import { SessionFacetCounts } from './session-facets';
import { SessionListPanel, mostChips } from './session-list';
import { SessionPages } from './session-pages';

/** The fleet now: what runs, what waits, what it cost today. */
@Component({
  selector: 'tt-live-page',
  imports: [
    ActivityPanel,
    ChartMissing,
    CostChart,
    HostsPanel,
    Lamp,
    RouterLink,
    SessionListPanel,
    Sparkline,
    StatCard,
    TokenSplit,
    TopBar,
  ],
  providers: [SessionFacetCounts, SessionPages],
  templateUrl: './live-page.html',
  styleUrl: './live-page.css',
})
export class LivePage {
  protected readonly fleet = inject(FleetStore);
  protected readonly today = inject(TodayStore);
  protected readonly pages = inject(SessionPages);
  protected readonly facets = inject(SessionFacetCounts);
  readonly #pipeline = inject(PipelineStore);
  protected readonly count = formatCount;
  protected readonly money = formatMoney;
  protected readonly tokens = formatTokens;

  protected readonly activeCount = computed(() => {
    const load = this.fleet.load();
    if (load === 'loading') return undefined;
    return load === 'ready' ? this.fleet.active().length : null;
  });
  /** Undefined while loading; null where the figures could not be had, so that nothing seems to load for ever. */
  readonly #figures = computed(() => this.today.total() ?? (this.today.failed() ? null : undefined));
  protected readonly messages = computed(() => figureOf(this.#figures(), (total) => total.messages));
  protected readonly toolCalls = computed(() => figureOf(this.#figures(), (total) => total.toolCalls));
  protected readonly allTokens = computed(() =>
    figureOf(this.#figures(), (total) => total.tokens?.total ?? null),
  );
  protected readonly cost = computed(() => figureOf(this.#figures(), (total) => total.costUsd));
  protected readonly messagesByHour = computed(() => this.today.hours().map((hour) => hour.messages));
  protected readonly toolCallsByHour = computed(() => this.today.hours().map((hour) => hour.toolCalls));
  protected readonly tokenWords = computed(() => {
    const tokens = this.today.total()?.tokens;
    if (!tokens) return null;
    return { output: formatTokens(tokens.output), cached: formatShare(tokens.cacheRead, tokens.total) };
  });
  protected readonly thisHour = computed(() => this.today.hours().at(-1)?.costUsd ?? 0);
  protected readonly costToday = computed(() => this.today.hours().some((hour) => hour.costUsd > 0));
  /** More of them are chosen from the list's menu. */
  protected readonly chips = computed(() => {
    const hosts = this.facets.hosts();
    return this.facets.ready() && hosts.length > 1 && hosts.length <= mostChips ? hosts : [];
  });
  protected readonly silent = computed<ReadonlySet<string>>(
    () => new Set(this.#pipeline.hosts().flatMap(({ host, silent }) => (silent ? [host] : []))),
  );
}

type Total = AnalyticsSummary['total'];
function figureOf(
  total: Total | null | undefined,
  pick: (total: Total) => number | null,
): number | null | undefined {
  return total ? pick(total) : total;
}
