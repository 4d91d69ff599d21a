export * from './scenario';
export * from './parse-scenario';
export * from './built-in';
