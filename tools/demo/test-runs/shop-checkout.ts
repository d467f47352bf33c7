import { cart, form, shelf, thanks } from './shop-page';
import type { TestScript, TestStep } from './test-script';

const shopping: readonly TestStep[] = [
  { action: 'wait', ms: 1500 },
  { action: 'click', target: 'Accept cookies', ms: 2100 },
  { action: 'click', target: 'the first lamp', ms: 4200, shows: shelf(1) },
  { action: 'click', target: 'the blue chair', ms: 3800, shows: shelf(2) },
  { action: 'click', target: 'Cart', ms: 2900, shows: cart(2) },
  { action: 'click', target: 'To the checkout', ms: 3300, shows: form(0) },
  { action: 'type', target: 'Name', ms: 3600, shows: form(1) },
  { action: 'type', target: 'Street', ms: 4100, shows: form(2) },
  { action: 'type', target: 'City', ms: 3400, shows: form(3) },
];

/** An order that goes through. */
export const goodOrder: TestScript = {
  url: 'Demo: /demo/lamp-shop/',
  config: 'configs/checkout.json',
  shows: shelf(0),
  steps: [
    ...shopping,
    { action: 'type', target: 'E-mail', ms: 3900, shows: form(4) },
    { action: 'click', target: 'Order now', ms: 5600, shows: thanks() },
    { action: 'agent', target: 'find the order’s number', ms: 7400 },
  ],
  playability: 0.88,
  says: 'The order was taken. Its number stands on the last page, below the fold.',
};

/** One that the form refuses. */
export const refusedOrder: TestScript = {
  ...goodOrder,
  config: 'configs/checkout-umlauts.json',
  steps: [
    ...shopping,
    { action: 'type', target: 'E-mail', ms: 3900, shows: form(4, true) },
    { action: 'click', target: 'Order now', ms: 15_000, fails: 'action_timeout', shows: form(4, true) },
    { action: 'agent', target: 'say what is wrong', ms: 6200 },
  ],
  playability: 0.41,
  says: 'The form calls an address with an umlaut wrong, and the order cannot be sent.',
};
