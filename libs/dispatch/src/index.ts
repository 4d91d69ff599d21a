export * from './ports/channel-registry';
export * from './ports/commit';
export * from './ports/connector';
export * from './ports/job-source';
export * from './ports/payment-journal';
export * from './ports/surroundings';
export * from './ports/work-queue';
export * from './steps';
