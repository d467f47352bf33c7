import { Injectable, computed, inject, signal } from '@angular/core';
import type { AnalyticsSummary } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';
import { localMidnight } from '../time/durations';
import { FleetStore } from './fleet-store';

const atMostEveryMs = 1000;
const againAfterFailureMs = 5000;

export interface Hour {
  /** 0–23, local time. */
  readonly hour: number;
  readonly messages: number;
  readonly toolCalls: number;
  readonly costUsd: number;
}

/** The figures of the local day, asked for again on news, at most once a second. */
@Injectable({ providedIn: 'root' })
export class TodayStore {
  readonly #api = inject(TelltaleApi);
  readonly #fleet = inject(FleetStore);
  readonly #summary = signal<AnalyticsSummary | null>(null);
  #unlisten: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastAsked = 0;
  #midnight = 0;

  readonly failed = signal(false);
  readonly total = computed(() => this.#summary()?.total);
  /** Midnight up to the current hour, empty hours included. */
  readonly hours = computed<readonly Hour[]>(() => hoursOf(this.#summary()));

  start(): void {
    if (this.#unlisten) return;
    this.#unlisten = this.#fleet.onNews(() => this.#soon());
    this.#soon();
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#summary.set(null);
  }

  #soon(leastMs = 0): void {
    if (this.#timer !== undefined || !this.#unlisten) return;
    const wait = Math.max(leastMs, this.#lastAsked + atMostEveryMs - Date.now());
    this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    this.#lastAsked = Date.now();
    let again = 0;
    const midnight = localMidnight(this.#lastAsked);
    const query = {
      groupBy: 'hour',
      from: new Date(midnight).toISOString(),
      tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
    try {
      const summary = await this.#api.get<AnalyticsSummary>('/analytics/summary', query);
      if (!this.#unlisten) return;
      this.#midnight = midnight;
      this.#summary.set(summary);
      this.failed.set(false);
    } catch {
      // The last known figures stay, but not yesterday's as today's.
      if (this.#midnight !== midnight) this.#summary.set(null);
      this.failed.set(true);
      again = againAfterFailureMs;
    } finally {
      this.#timer = undefined;
      if (again > 0) this.#soon(again);
    }
  }
}

function hoursOf(summary: AnalyticsSummary | null): Hour[] {
  if (!summary) return [];
  const byHour = new Map<number, AnalyticsSummary['groups'][number]>();
  let last = new Date().getHours();
  for (const group of summary.groups) {
    const hour = Number(group.key?.slice(11, 13));
    if (group.key === null || Number.isNaN(hour)) continue;
    byHour.set(hour, group);
    last = Math.max(last, hour);
  }
  return Array.from({ length: last + 1 }, (_, hour) => {
    const group = byHour.get(hour);
    return {
      hour,
      messages: group?.messages ?? 0,
      toolCalls: group?.toolCalls ?? 0,
      costUsd: group?.costUsd ?? 0,
    };
  });
}
