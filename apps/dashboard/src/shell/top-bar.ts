import { Component, inject } from '@angular/core';
import { Icon } from '../icons/icon';
import { ConnectionBadge } from './connection-badge';
import { Refresh } from './refresh';
import { Theme } from './theme';
import { UserMenu } from './user-menu';

/** The head of a page: its own title and filters (projected), then what every page has. */
@Component({
  selector: 'tt-top-bar',
  imports: [ConnectionBadge, Icon, UserMenu],
  template: `
    <header>
      <div class="own"><ng-content /></div>
      <tt-connection-badge />
      <div class="controls">
        <button
          type="button"
          aria-label="Refresh now"
          title="Refresh now"
          [class.turning]="refresh.busy()"
          (click)="refresh.now()"
        >
          <tt-icon name="refresh" />
        </button>
        <button
          type="button"
          [attr.aria-label]="theme.name() === 'dark' ? 'Use the light theme' : 'Use the dark theme'"
          [title]="theme.name() === 'dark' ? 'Light theme' : 'Dark theme'"
          (click)="theme.toggle()"
        >
          <tt-icon [name]="theme.name() === 'dark' ? 'sun' : 'moon'" />
        </button>
        <tt-user-menu />
      </div>
    </header>
  `,
  styles: `
    header {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 36px;
      margin-bottom: 16px;
    }
    .own {
      display: flex;
      flex: 1;
      align-items: center;
      gap: 14px;
      min-width: 0;
    }
    .controls {
      display: flex;
      align-items: center;
      gap: 4px;
    }
    .controls > button {
      display: grid;
      place-items: center;
      width: 34px;
      height: 34px;
      border-radius: 8px;
      color: var(--ink-soft);
      transition: background var(--quick);
    }
    .controls > button:hover {
      background: var(--raised);
      color: var(--ink);
    }
    tt-user-menu {
      margin-left: 4px;
    }
    @media (max-width: 720px) {
      header {
        margin-bottom: 10px;
      }
      .controls {
        display: none;
      }
    }
    @media (prefers-reduced-motion: no-preference) {
      .turning tt-icon {
        animation: turn 0.6s linear infinite;
      }
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
  `,
})
export class TopBar {
  protected readonly refresh = inject(Refresh);
  protected readonly theme = inject(Theme);
}
