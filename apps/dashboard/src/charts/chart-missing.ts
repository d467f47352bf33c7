import { Component } from '@angular/core';

/** In a chart's place when its code could not be fetched: the gateway was away at that moment. */
@Component({
  selector: 'tt-chart-missing',
  template: `
    <p class="faint">
      The chart could not be loaded.
      <button type="button" class="quiet-button" (click)="reload()">Reload the page</button>
    </p>
  `,
  styles: `
    p {
      padding: 12px;
      text-align: center;
    }
  `,
})
export class ChartMissing {
  protected reload(): void {
    location.reload();
  }
}
