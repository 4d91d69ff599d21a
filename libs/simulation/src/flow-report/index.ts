export * from './measures';
export * from './figures';
export * from './page';
export * from './pictures';
export * from './drawn-run';
