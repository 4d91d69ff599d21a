export * from './process-env';
export * from './read-env';
