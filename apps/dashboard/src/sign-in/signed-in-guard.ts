import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import { CurrentUser } from './current-user';

/** Sends to the sign-in page whoever is not signed in, and remembers where they wanted to go. */
export const signedInGuard: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  try {
    if (await inject(CurrentUser).known()) return true;
  } catch {
    return true; // the gateway is away: the page itself says so, and goes on by itself when it is back
  }
  return router.createUrlTree(['/sign-in'], {
    queryParams: state.url === '/' ? {} : { returnTo: state.url },
  });
};
