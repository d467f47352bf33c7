import { Component, computed, input } from '@angular/core';

/** Our own icons: 16 × 16, strokes of 1.5 in the colour of the text. */
const paths = {
  live: 'M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6',
  refresh: 'M13.2 6.5A5.5 5.5 0 1 0 13.5 9M13.5 3v3.5H10',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.5v1M8 13.5v1M14.5 8h-1M2.5 8h-1M12.6 3.4l-.7.7M4.1 11.9l-.7.7M12.6 12.6l-.7-.7M4.1 4.1l-.7-.7',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1',
  user: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8M2.8 13.6c.6-2.3 2.7-3.6 5.2-3.6s4.6 1.3 5.2 3.6',
  'chevron-right': 'M6 3.5 10.5 8 6 12.5',
  'chevron-down': 'M3.5 6 8 10.5 12.5 6',
  check: 'M3 8.5 6.3 12 13 4.5',
  circle: 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10',
  current: 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10M8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4',
  'arrow-down': 'M8 3v10M4 9l4 4 4-4',
  'arrow-up': 'M8 13V3M4 7l4-4 4 4',
  link: 'M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  alert: 'M8 2.2 14.3 13H1.7zM8 6.5v3M8 11.4v.1',
  exit: 'M6.5 2.5h-3v11h3M10 5l3 3-3 3M13 8H6.5',
  plug: 'M5.5 2v3M10.5 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14',
  close: 'M4 4l8 8M12 4l-8 8',
  'chevron-left': 'M10 3.5 5.5 8l4.5 4.5',
  host: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1',
  branch:
    'M5 4.5v7M5 4.5a1.5 1.5 0 1 0-.1-3M5 4.5a1.5 1.5 0 1 1 .1-3M5 14.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M11 7a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M11 7c0 2.5-3 2.4-5.2 3.4',
  image: 'M2 3h12v10H2zM2.4 11.6 6 8l2.5 2.4L10.6 8.6l3 2.9M10.7 6.1h.1',
  file: 'M4 1.8h5.2L12 4.6v9.6H4zM9 2v3h3',
  external: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5',
  tool: 'M9.5 6.5 3 13M13.4 4.3l-2 2-1.7-1.7 2-2a3.4 3.4 0 0 0-4 4.5',
} as const;
export type IconName = keyof typeof paths;

@Component({
  selector: 'tt-icon',
  template: ` <svg viewBox="0 0 16 16" aria-hidden="true"><path [attr.d]="path()" /></svg> `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      width: 16px;
      height: 16px;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => paths[this.name()]);
}
