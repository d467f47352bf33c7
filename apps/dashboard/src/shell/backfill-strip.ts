import { Component, computed, inject } from '@angular/core';
import { counted } from '../figures/format';
import { PipelineStore } from '../live/pipeline-store';

/** The progress of a first reading: `Reading 1,204 transcripts · 62 %`. Gone when all is caught up. */
@Component({
  selector: 'tt-backfill-strip',
  template: `
    @if (progress(); as progress) {
      <div class="strip" role="status">
        <span>{{ words() }}</span>
        <div
          class="track"
          role="progressbar"
          aria-label="Reading transcripts"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <b [style.width.%]="percent() ?? 100" [class.unknown]="percent() === null"></b>
        </div>
        <span class="later">Figures grow until it is done.</span>
      </div>
    }
  `,
  styles: `
    .strip {
      display: flex;
      align-items: center;
      gap: 14px;
      min-height: 36px;
      padding: 6px 22px;
      border-bottom: var(--line);
      background: var(--panel);
      color: var(--ink-soft);
      font-size: var(--text-small);
      white-space: nowrap;
    }
    .track {
      flex: 1;
      max-width: 420px;
      height: 4px;
      border-radius: 2px;
      background: var(--raised);
      overflow: hidden;
    }
    b {
      display: block;
      height: 100%;
      border-radius: 2px;
      background: var(--series-input);
      transition: width 0.6s ease;
    }
    .unknown {
      opacity: 0.5;
    }
    .later {
      color: var(--ink-faint);
    }
    @media (max-width: 720px) {
      .strip {
        padding: 6px 14px;
      }
      .later {
        display: none;
      }
    }
  `,
})
export class BackfillStrip {
  protected readonly progress = inject(PipelineStore).backfill;
  protected readonly percent = computed(() => {
    const share = this.progress()?.share ?? null;
    return share === null ? null : Math.min(99, Math.floor(share * 100));
  });
  protected readonly words = computed(() => {
    const progress = this.progress();
    if (!progress) return '';
    const what = progress.files > 0 ? counted(progress.files, 'transcript') : 'transcripts';
    const percent = this.percent();
    return `Reading ${what}${percent === null ? '' : ` · ${percent} %`}`;
  });
}
