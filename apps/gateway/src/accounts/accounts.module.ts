import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { Accounts } from './accounts';
import { AccountsController } from './accounts.controller';
import { ApiTokens } from './api-tokens';
import { ApiTokensController } from './api-tokens.controller';
import { LoginThrottle } from './login-throttle';

@Module({
  controllers: [AccountsController, ApiTokensController],
  providers: [
    Accounts,
    ApiTokens,
    LoginThrottle,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
  ],
  exports: [Accounts, AccessGuard],
})
export class AccountsModule {}
