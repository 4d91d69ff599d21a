export * from './control';
export * from './play';
export * from './census';
export * from './baselines/hand-written';
export * from './sluice-control';
