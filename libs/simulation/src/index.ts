// The second world: chance that can be repeated, an order of events, and banks that congest like real ones.
export * from './prng';
export * from './event-queue';
export * from './service-time';
export * from './bank-capacity-config';
export * from './parse-capacity-config';
export * from './bank-capacity-state';
export * from './bank-capacity';
export * from './banks';
export * from './magic-instruments';
export * from './capacity-sweep';
export * from './capacity-report';
export { CHART_CSS, PALETTE_CSS } from './capacity-report-css';
export * from './line-chart';
export * from './scenarios';
export * from './world';
export * from './flow-report';
export * from './limiter';
export * from './planner';
