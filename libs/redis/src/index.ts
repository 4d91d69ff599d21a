/** What may be lost: who is controller, what it said last, and the reports it decides by. */
export * from './controller-seat';
export type { FlowReport } from './flow-messages';
export type { FlowLink } from './flow-link';
export * from './flow-post';
export * from './followed-flow';
