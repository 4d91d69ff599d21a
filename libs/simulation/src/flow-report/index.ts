export * from './measures';
export * from './figures';
