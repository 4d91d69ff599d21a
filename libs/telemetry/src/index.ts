export * from './log';
export * from './meters';
export * from './metrics';
export * from './redaction';
