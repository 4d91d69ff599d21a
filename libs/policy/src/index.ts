export * from './admission';
export * from './schedules';
export * from './weigh-evidence';
