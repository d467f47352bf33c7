export * from './eventually';
export * from './temporary-folder';
export * from './restartable-server';
export * from './test-nats';
export * from './test-postgres';
export * from './test-picture';
export * from './stored-text';
