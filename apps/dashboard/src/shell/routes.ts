import type { Routes } from '@angular/router';
import { signedInGuard } from '../sign-in/signed-in-guard';

export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in · Telltale',
    loadComponent: async () => (await import('../sign-in/sign-in')).SignIn,
  },
  {
    path: '',
    canActivate: [signedInGuard],
    loadComponent: async () => (await import('./frame')).Frame,
    children: [
      {
        path: '',
        title: 'Live · Telltale',
        loadComponent: async () => (await import('../live-page/live-page')).LivePage,
      },
      {
        path: 'sessions/:id',
        title: 'Session · Telltale',
        loadComponent: async () => (await import('../session-page/session-page')).SessionPage,
      },
      {
        path: '**',
        title: 'Not found · Telltale',
        loadComponent: async () => (await import('./not-found')).NotFound,
      },
    ],
  },
];
