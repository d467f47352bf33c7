import { ScaleType, type Color } from '@swimlane/ngx-charts';

/** Colours are CSS variables, so that a chart follows the theme without being drawn again. */
export function chartScheme(colors: readonly string[]): Color {
  return { name: 'telltale', selectable: true, group: ScaleType.Ordinal, domain: [...colors] };
}
