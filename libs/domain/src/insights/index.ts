export * from './budget-rule';
export * from './budget-alert';
export * from './budget-watch';
export * from './fleet-chain';
export * from './known-sessions';
export * from './period';
