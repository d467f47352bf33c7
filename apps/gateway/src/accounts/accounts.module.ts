import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessChanges } from './access-changes';
import { AccessGuard } from './access.guard';
import { Accounts } from './accounts';
import { AccountsController } from './accounts.controller';
import { ApiTokens } from './api-tokens';
import { ApiTokensController } from './api-tokens.controller';
import { AuditController } from './audit.controller';
import { AuditInterceptor } from './audit.interceptor';
import { AuditTrail } from './audit-trail';
import { FirstAdmin } from './first-admin';
import { KnownUsers } from './known-users';
import { LoginThrottle } from './login-throttle';
import { PasswordChecks } from './password-checks';
import { PasswordController } from './password.controller';
import { RouteNeeds } from './route-needs';
import { SharedFailures } from './shared-failures';
import { SignInCookie } from './sign-in-cookie';
import { SignInLinks } from './sign-in-links';
import { Users } from './users';
import { UsersController } from './users.controller';

@Module({
  controllers: [
    AccountsController,
    PasswordController,
    UsersController,
    ApiTokensController,
    AuditController,
  ],
  providers: [
    AccessChanges,
    KnownUsers,
    FirstAdmin,
    Accounts,
    Users,
    ApiTokens,
    SignInLinks,
    SignInCookie,
    PasswordChecks,
    SharedFailures,
    LoginThrottle,
    AuditTrail,
    RouteNeeds,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AccessChanges, Accounts, AccessGuard],
})
export class AccountsModule {}
