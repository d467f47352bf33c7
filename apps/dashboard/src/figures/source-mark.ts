import { Component, computed, input } from '@angular/core';
import type { Source } from '@telltale/contracts';
import { sourceWords } from './words';

/**
 * One glyph for each source, 16 × 16: our own drawings, no tool's logo. In the colour of the text: colour says the
 * state of a session and nothing else.
 */
const glyphs: Partial<Record<Source, string>> = {
  // a burst
  'claude-code': 'M8 2v12M2.8 5l10.4 6M13.2 5 2.8 11',
  // a hexagon with a prompt
  codex: 'M8 1.7l5.5 3.15v6.3L8 14.3l-5.5-3.15v-6.3zM6.4 6.2 8.3 8 6.4 9.8M9.2 9.9h1.2',
  // a square within its brackets
  opencode: 'M5 2.2H2.2v11.6H5M11 2.2h2.8v11.6H11M6.2 5.8h3.6v4.4H6.2z',
  // a star of four points
  gemini:
    'M8 1.6c.5 3.9 2.5 5.9 6.4 6.4-3.9.5-5.9 2.5-6.4 6.4-.5-3.9-2.5-5.9-6.4-6.4 3.9-.5 5.9-2.5 6.4-6.4z',
  // a window with a check
  'ui-test': 'M2 3h12v10H2zM2 5.6h12M5.6 9.3l1.7 1.6 3.2-3.3',
  // an arrow into a tray
  push: 'M8 10V2.4M5 5.2l3-2.9 3 2.9M2.4 9.6v4h11.2v-4',
};

/** Of a tool that has no drawing yet. */
const ring = 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11';

/** The mark of the tool that a session comes from, with its name as a tooltip and for readers of the screen. */
@Component({
  selector: 'tt-source-mark',
  template: `<svg viewBox="0 0 16 16" aria-hidden="true"><path [attr.d]="glyph()" /></svg>
    @if (!quiet()) {
      <span class="visually-hidden">{{ name() }}</span>
    }`,
  host: { '[attr.title]': 'quiet() ? null : name()' },
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      width: 14px;
      height: 14px;
      vertical-align: -2px;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.45;
      stroke-linecap: round;
      stroke-linejoin: round;
      overflow: visible;
    }
  `,
})
export class SourceMark {
  readonly source = input.required<Source>();
  /** The name stands beside it already. */
  readonly quiet = input(false);
  protected readonly glyph = computed(() => glyphs[this.source()] ?? ring);
  protected readonly name = computed(() => sourceWords[this.source()]);
}
