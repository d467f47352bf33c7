import { provideZonelessChangeDetection, type ApplicationConfig } from '@angular/core';
import { provideAnimationsAsync } from '@angular/platform-browser/animations/async';
import {
  PreloadAllModules,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withPreloading,
} from '@angular/router';
import { routes } from './routes';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    // ngx-charts' templates need an animation engine; it is loaded with the first chart
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- until ngx-charts does without @angular/animations
    provideAnimationsAsync('noop'),
    provideRouter(
      routes,
      withComponentInputBinding(),
      // the other page's code is there before it is asked for, also when the gateway is away then
      withPreloading(PreloadAllModules),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
    ),
  ],
};
