import { Component, input } from '@angular/core';
import { Icon, type IconName } from '../icons/icon';

/** What stands where there is nothing to show: what it means and what to do about it (projected). */
@Component({
  selector: 'tt-empty-state',
  imports: [Icon],
  template: `
    <span class="mark" [class]="tone()"><tt-icon [name]="icon()" /></span>
    <h2>{{ heading() }}</h2>
    <div class="body"><ng-content /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      padding: 56px 20px 60px;
      text-align: center;
    }
    .mark {
      display: grid;
      place-items: center;
      width: 40px;
      height: 40px;
      margin-bottom: 14px;
      border: var(--line);
      border-radius: 12px;
      color: var(--ink-soft);
    }
    .fail {
      color: var(--fail-ink);
      border-color: color-mix(in oklab, var(--fail) 45%, var(--hairline));
    }
    h2 {
      font-size: 15px;
    }
    .body {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 10px;
      max-width: 46ch;
      margin-top: 5px;
      color: var(--ink-soft);
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
  readonly tone = input<'calm' | 'fail'>('calm');
}
