import type { Routes } from '@angular/router';
import { signedInGuard } from '../sign-in/signed-in-guard';

export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in',
    loadComponent: async () => (await import('../sign-in/sign-in')).SignIn,
  },
  {
    path: '',
    canActivate: [signedInGuard],
    loadComponent: async () => (await import('./frame')).Frame,
    children: [
      {
        path: '',
        title: 'Live',
        loadComponent: async () => (await import('../live-page/live-page')).LivePage,
      },
      {
        path: 'sessions/:id',
        title: 'Session',
        loadComponent: async () => (await import('../session-page/session-page')).SessionPage,
      },
      {
        path: 'hosts',
        title: 'Hosts',
        loadComponent: async () => (await import('../hosts-page/hosts-page')).HostsPage,
      },
      {
        path: '**',
        title: 'Not found',
        loadComponent: async () => (await import('./not-found')).NotFound,
      },
    ],
  },
];
