import { alertListSchema, budgetListSchema, type Alert, type BudgetList } from '@telltale/contracts';
import type { TestGateway } from '../../testing/test-gateway';

/** What an administrator and a viewer do with budgets. */
export class BudgetClient {
  constructor(private readonly gateway: TestGateway) {}

  put(
    items: unknown,
    more: Record<string, string> = {},
    role: 'admin' | 'viewer' = 'admin',
  ): Promise<Response> {
    return this.gateway.fetch('/api/budgets', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...this.gateway.bearer(role), ...more },
      body: typeof items === 'string' ? items : JSON.stringify({ items }),
    });
  }

  /** @throws where it is refused */
  async set(items: readonly object[]): Promise<BudgetList['items']> {
    const response = await this.put(items);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return budgetListSchema.parse(await response.json()).items;
  }

  async list(): Promise<BudgetList['items']> {
    return budgetListSchema.parse((await this.gateway.get('/api/budgets')).body).items;
  }

  async alerts(query = ''): Promise<Alert[]> {
    return alertListSchema.parse((await this.gateway.get(`/api/alerts?limit=200${query}`)).body).items;
  }

  /** `key threshold` of a budget's alerts, the oldest first. */
  async told(budgetId: string | undefined): Promise<string[]> {
    const alerts = (await this.alerts()).filter(({ data }) => data.budgetId === budgetId);
    return alerts.map(({ data }) => `${data.key ?? data.period?.key ?? ''} ${data.threshold}`).reverse();
  }
}
