import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../figures/empty-state';
import { TopBar } from './top-bar';

@Component({
  selector: 'tt-not-found',
  imports: [EmptyState, RouterLink, TopBar],
  template: `
    <main class="page">
      <tt-top-bar><h1>Not found</h1></tt-top-bar>
      <tt-empty-state icon="alert" heading="There is no such page">
        <p>The address may be mistyped, or belong to a newer Telltale.</p>
        <a class="button" routerLink="/">Go to Live</a>
      </tt-empty-state>
    </main>
  `,
})
export class NotFound {}
