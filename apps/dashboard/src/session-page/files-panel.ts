import { Component, computed, input, signal } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { Icon } from '../icons/icon';

const atFirst = 4;

/** Where the session's figures come from. A file that is gone stays named: what it told is kept. */
@Component({
  selector: 'tt-files-panel',
  imports: [Icon],
  template: `
    <section class="panel" aria-labelledby="files-heading">
      <div class="panel-head">
        <h2 id="files-heading">Files</h2>
        <span class="faint">{{ context() }}</span>
      </div>
      <ul>
        @for (file of shown(); track file.host + file.path) {
          <li [class.gone]="file.removed">
            <tt-icon name="file" />
            <span class="path" [title]="file.path"
              ><bdi>{{ file.path }}</bdi></span
            >
            <span class="detail"
              >{{ file.who }} · {{ file.host }}
              @if (file.removed) {
                <em>archived: the file is gone</em>
              }
            </span>
          </li>
        }
      </ul>
      @if (files().length > atFirst) {
        <button type="button" class="quiet-button" [attr.aria-expanded]="all()" (click)="all.set(!all())">
          {{ all() ? 'Show fewer' : 'Show all ' + files().length }}
        </button>
      }
    </section>
  `,
  styles: `
    ul {
      padding: 6px 0;
    }
    li {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr);
      gap: 1px 9px;
      align-items: center;
      padding: 6px 15px;
      font-size: var(--text-small);
    }
    tt-icon {
      width: 14px;
      height: 14px;
      color: var(--ink-faint);
    }
    /* the end of a path says most: it is cut at its beginning */
    .path {
      direction: rtl;
      text-align: left;
      font: 450 12px / 1.5 var(--mono);
      font-variant-ligatures: none;
      color: var(--ink-soft);
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .gone .path {
      text-decoration: line-through;
      text-decoration-color: var(--outline);
    }
    .detail {
      grid-column: 2;
      color: var(--ink-faint);
      font-size: var(--text-tiny);
    }
    em {
      display: inline-block;
      padding: 0 7px;
      border: var(--line);
      border-radius: 99px;
      color: var(--ink-soft);
      font-style: normal;
      white-space: nowrap;
    }
    section > .quiet-button {
      margin: 0 6px 8px;
    }
  `,
})
export class FilesPanel {
  readonly session = input.required<Session>();
  protected readonly atFirst = atFirst;
  protected readonly all = signal(false);
  protected readonly files = computed(() => {
    const { agents, files } = this.session();
    const names = new Map(agents.map((agent) => [agent.id, agent.description ?? agent.type ?? 'Agent']));
    return files
      .filter((file) => file.role !== 'screenshot') // each has its place in the film strip
      .map((file) => ({ ...file, who: file.role === 'main' ? 'Main' : (names.get(file.role) ?? file.role) }))
      .sort((a, b) => Number(b.role === 'main') - Number(a.role === 'main'));
  });
  protected readonly shown = computed(() => (this.all() ? this.files() : this.files().slice(0, atFirst)));
  protected readonly context = computed(() => {
    const gone = this.files().filter((file) => file.removed).length;
    const total = String(this.files().length);
    if (gone === 0) return total;
    return gone === this.files().length ? `${total} · archived` : `${total} · ${gone} archived`;
  });
}
