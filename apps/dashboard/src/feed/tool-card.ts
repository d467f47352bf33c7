import { Component, computed, input, output } from '@angular/core';
import type { Message } from '@telltale/contracts';
import { toolName } from '../figures/words';
import { Icon } from '../icons/icon';
import { duration } from '../time/durations';
import { readableInput, toolSummary } from './tool-summary';

/** A tool call: what it was asked, what came back. Opens to the full input and result. Everything is text. */
@Component({
  selector: 'tt-tool-card',
  imports: [Icon],
  templateUrl: './tool-card.html',
  styleUrl: './tool-card.css',
  host: { '[class.failed]': 'tool().isError', '[class.ask]': 'asking()' },
})
export class ToolCard {
  readonly tool = input.required<NonNullable<Message['tool']>>();
  /** The whole message where it is opened. */
  readonly whole = input<Message | 'loading' | 'failed' | undefined>();
  /** Whether the session waits for a person because of this call. */
  readonly asking = input(false);
  /** Whether the session goes on, so that a result may still come. */
  readonly goesOn = input(true);
  readonly toggled = output();

  protected readonly summary = computed(() => toolSummary(this.tool()));
  protected readonly name = computed(() => toolName(this.tool().name));
  protected readonly took = computed(() => {
    const { durationMs } = this.tool();
    return durationMs === null ? '' : duration(durationMs);
  });
  protected readonly state = computed(() => {
    if (this.asking()) return 'Waits for you';
    if (this.tool().isError) return 'Failed';
    if (this.tool().result !== null) return '';
    return this.goesOn() ? 'Running' : 'No result';
  });
  protected readonly full = computed(() => {
    const whole = this.whole();
    if (whole === undefined || typeof whole === 'string' || !whole.tool) return null;
    return { input: readableInput(whole.tool.input ?? ''), result: whole.tool.result };
  });
}
