import { Component, computed, input } from '@angular/core';
import { counted } from './format';

const most = 5;

/** How many pictures a run has taken: small frames, and of more than five the number. */
@Component({
  selector: 'tt-frames',
  template: `
    <span role="img" [attr.aria-label]="words()" [title]="words()">
      @for (frame of frames(); track frame) {
        <i></i>
      }
      @if (count() > most) {
        <em class="tabular">{{ count() }}</em>
      }
    </span>
  `,
  styles: `
    span {
      display: flex;
      align-items: center;
      gap: 3px;
      height: 24px;
    }
    i {
      width: 11px;
      height: 17px;
      border-radius: 2.5px;
      background: linear-gradient(
        160deg,
        color-mix(in oklab, var(--series-cache-write) 55%, var(--panel)),
        color-mix(in oklab, var(--series-cache-read) 60%, var(--panel))
      );
    }
    em {
      margin-left: 4px;
      color: var(--ink-faint);
      font-size: var(--text-tiny);
      font-style: normal;
    }
  `,
})
export class Frames {
  readonly count = input.required<number>();
  protected readonly most = most;
  protected readonly words = computed(() => counted(this.count(), 'screenshot'));
  protected readonly frames = computed(() =>
    Array.from({ length: Math.min(most, this.count()) }, (_, i) => i),
  );
}
