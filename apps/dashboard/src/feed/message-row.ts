import { Component, computed, input, output } from '@angular/core';
import type { Message } from '@telltale/contracts';
import { formatMoney, formatTokens } from '../figures/format';
import { shortModel } from '../figures/words';
import { Icon } from '../icons/icon';
import { clockTime, fullTime } from '../time/durations';
import type { FeedItem } from './feed-item';
import { ToolCard } from './tool-card';

const freshMs = 2500;
/** Texts of more lines are folded. */
const foldedLines = 14;
const foldedCharacters = 1400;

/** One message of the feed. Text is shown as text, whatever it says. */
@Component({
  selector: 'tt-message-row',
  imports: [Icon, ToolCard],
  templateUrl: './message-row.html',
  styleUrl: './message-row.css',
  host: { '[class]': 'item().message.kind', '[class.fresh]': 'fresh()', '[class.bare]': 'bare()' },
})
export class MessageRow {
  readonly item = input.required<FeedItem>();
  readonly whole = input<Message | 'loading' | 'failed' | undefined>();
  /** What the agent that said it is called; '' for the main one. */
  readonly agent = input('');
  /** Whether the session waits for a person because of this message's tool call. */
  readonly asking = input(false);
  /** Whether the session goes on. */
  readonly goesOn = input(true);
  readonly toggled = output();

  protected readonly message = computed(() => this.item().message);
  protected readonly fresh = computed(() => Date.now() - this.item().freshAt < freshMs);
  protected readonly time = computed(() => {
    const { at } = this.message();
    return at === null ? '' : clockTime(at);
  });
  protected readonly when = computed(() => {
    const { at } = this.message();
    return at === null ? 'time not known' : fullTime(at);
  });
  protected readonly by = computed(() => {
    const { kind, model } = this.message();
    if (kind === 'prompt') return 'You';
    if (kind === 'error') return 'Error';
    return model ? shortModel(model) : 'Agent';
  });
  protected readonly usage = computed(() => {
    const { tokens, costUsd } = this.message();
    if (!tokens) return '';
    const cost = costUsd === null || costUsd === undefined ? '' : ` · ${formatMoney(costUsd)}`;
    return `${formatTokens(tokens.output)} out${cost}`;
  });
  protected readonly foldable = computed(() => {
    const text = this.message().text || this.message().preview;
    return this.item().cut || text.length > foldedCharacters || text.split('\n').length > foldedLines;
  });
  protected readonly text = computed(() => {
    const whole = this.whole();
    if (whole !== undefined && typeof whole !== 'string') return whole.text;
    const text = this.message().text || this.message().preview;
    return this.foldable() ? folded(text) : text;
  });
  /** An answer that only called tools: their cards follow. */
  protected readonly bare = computed(
    () => this.message().kind === 'assistant' && this.text() === '' && this.message().images.length === 0,
  );
  protected readonly foldWord = computed(() => {
    switch (this.whole()) {
      case undefined:
        return 'Show all';
      case 'loading':
        return 'Loading…';
      case 'failed':
        return 'Could not be loaded';
      default:
        return 'Show less';
    }
  });
}

function folded(text: string): string {
  const lines = text.split('\n').slice(0, foldedLines).join('\n');
  const cut = lines.slice(0, foldedCharacters).toWellFormed();
  return cut.length < text.length ? `${cut.trimEnd()} …` : cut;
}
