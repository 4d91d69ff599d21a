export * from './ports/connector';
