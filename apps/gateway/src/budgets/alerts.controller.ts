import { Controller, Get, Query } from '@nestjs/common';
import { alertListSchema, alertQuerySchema, type AlertList, type AlertQuery } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { AlertStore } from './alert-store';

@Controller('api/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertStore) {}

  @Get()
  @Describes({ summary: 'Alerts, the newest first', query: alertQuerySchema, answer: alertListSchema })
  list(@Query(new Parsed(alertQuerySchema)) query: AlertQuery): Promise<AlertList> {
    return this.alerts.list(query);
  }
}
