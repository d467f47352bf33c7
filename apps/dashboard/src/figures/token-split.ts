import { Component, computed, input } from '@angular/core';
import type { Tokens } from '@telltale/contracts';
import { formatShare, formatTokens } from './format';

export const tokenSeries = [
  { key: 'input', name: 'Input', short: 'in' },
  { key: 'output', name: 'Output', short: 'out' },
  { key: 'cache-write', name: 'Cache write', short: 'write' },
  { key: 'cache-read', name: 'Cache read', short: 'read' },
] as const;
export type TokenSeries = (typeof tokenSeries)[number]['key'];

export function tokensOf(tokens: Tokens, series: TokenSeries): number {
  switch (series) {
    case 'input':
      return tokens.input;
    case 'output':
      return tokens.output;
    case 'cache-write':
      return tokens.cacheWrite5m + tokens.cacheWrite1h;
    case 'cache-read':
      return tokens.cacheRead;
  }
}

/** A thin bar split by kind of token. A kind that is there at all gets at least a sliver. */
@Component({
  selector: 'tt-token-split',
  template: `
    <div role="img" [attr.aria-label]="words()" [title]="words()">
      @for (part of parts(); track part.key) {
        @if (part.tokens > 0) {
          <i [class]="part.key" [style.flex-grow]="part.tokens"></i>
        }
      }
    </div>
  `,
  styles: `
    div {
      display: flex;
      gap: 2px;
      height: 7px;
      border-radius: 2px;
      overflow: hidden;
      background: var(--raised);
    }
    i {
      flex: 0 1 0;
      min-width: 3px;
      transition: flex-grow 0.3s ease;
    }
    .input {
      background: var(--series-input);
    }
    .output {
      background: var(--series-output);
    }
    .cache-write {
      background: var(--series-cache-write);
    }
    .cache-read {
      background: var(--series-cache-read);
    }
  `,
})
export class TokenSplit {
  readonly tokens = input.required<Tokens>();
  protected readonly parts = computed(() =>
    tokenSeries.map((series) => ({ ...series, tokens: tokensOf(this.tokens(), series.key) })),
  );
  protected readonly words = computed(() =>
    this.parts()
      .map(
        (part) =>
          `${part.name} ${formatTokens(part.tokens)} (${formatShare(part.tokens, this.tokens().total)})`,
      )
      .join(', '),
  );
}
