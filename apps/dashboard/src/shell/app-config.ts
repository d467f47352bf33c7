import { provideZonelessChangeDetection, type ApplicationConfig } from '@angular/core';
import { provideAnimationsAsync } from '@angular/platform-browser/animations/async';
import {
  PreloadAllModules,
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withPreloading,
} from '@angular/router';
import { PageTitle } from './page-title';
import { routes } from './routes';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    // ngx-charts' templates need an animation engine; it is loaded with the first chart
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- until ngx-charts does without @angular/animations
    provideAnimationsAsync('noop'),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideRouter(
      routes,
      withComponentInputBinding(),
      // the other page's code is there before it is asked for, also when the gateway is away then
      withPreloading(PreloadAllModules),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
    ),
  ],
};
