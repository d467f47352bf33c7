import { Module } from '@nestjs/common';
import { LiveModule } from '../live/live.module';
import { SessionsModule } from '../sessions/sessions.module';
import { AlertRelay } from './alert-relay';
import { AlertStore } from './alert-store';
import { Alerts } from './alerts';
import { AlertsController } from './alerts.controller';
import { BudgetEvaluation } from './budget-evaluation';
import { BudgetSettings } from './budget-settings';
import { BudgetStates } from './budget-states';
import { BudgetUpkeep } from './budget-upkeep';
import { BudgetsController } from './budgets.controller';
import { FleetMoves } from './fleet-moves';
import { Spending } from './spending';

@Module({
  imports: [LiveModule, SessionsModule],
  controllers: [BudgetsController, AlertsController],
  providers: [
    BudgetSettings,
    BudgetStates,
    Spending,
    FleetMoves,
    BudgetEvaluation,
    BudgetUpkeep,
    AlertStore,
    Alerts,
    AlertRelay,
  ],
})
export class BudgetsModule {}
