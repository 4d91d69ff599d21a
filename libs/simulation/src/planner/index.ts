export * from './plan';
export * from './run-plan';
export * from './raise-first';
export * from './double-eleven';
export * from './parse-plan';
