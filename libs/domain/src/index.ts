export * from './decoding/observation';
export * from './decoding/decoder';
export * from './decoding/claude-code';
export * from './counting';
export * from './pricing';
export * from './projecting';
