import { bash, grep, prompt, read, say, type Story } from '../script';

export const nightly: Story = {
  tool: 'claude-code',
  title: 'Why was the import late?',
  project: 'warehouse',
  branch: 'main',
  model: 'claude-haiku-4-5-20251001',
  endedHoursAgo: 5.4,
  steps: [
    prompt('The nightly import took four hours instead of one. Why?'),
    bash('tail -40 logs/import.log', '02:00 begin\n02:04 customers done\n05:51 orders done\n06:02 end', 400),
    grep('insert into orders', 'src/import/orders.sql:12'),
    read(
      'src/import/orders.sql',
      'insert into orders select * from staging on conflict (id) do update set …',
    ),
    bash("psql -c '\\d orders'", 'orders_pkey (id)\norders_customer_idx (customer_id) INVALID', 300),
    say('An index on orders is invalid since a failed migration: every row was checked by a full scan.'),
    prompt('Can it be rebuilt by day?'),
    say('Yes: reindex it concurrently. It takes about ten minutes and blocks nobody.'),
  ],
};
