export * from '../examples/facts';
export * from '../examples/sessions';
