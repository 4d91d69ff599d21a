export * from './admission';
export * from './long-unknown';
export * from './match-statement';
export * from './schedules';
export * from './statement-days';
export * from './weigh-evidence';
export * from './weigh-refund';
export * from './weigh-reversal';
