// What `npm run rehearse` tells a scenario, through the environment.
export interface Setting {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Begins every order number of this run. */
  readonly run: string;
  readonly seed: number;
  readonly payments: number;
  readonly ratePerSecond: number;
  readonly payersReady: number;
  readonly payersMax: number;
  readonly followSeconds: number;
  /** File for the summary. */
  readonly summaryFile: string;
  /** File with the planned stage; empty where there is none. */
  readonly stageFile: string;
}

export const setting: Setting = {
  apiUrl: text('SLUICE_API_URL'),
  apiKey: text('SLUICE_API_KEY'),
  run: text('SLUICE_RUN'),
  seed: number('SLUICE_SEED'),
  payments: number('SLUICE_PAYMENTS'),
  ratePerSecond: number('SLUICE_RATE'),
  payersReady: number('SLUICE_PAYERS_READY'),
  payersMax: number('SLUICE_PAYERS_MAX'),
  followSeconds: number('SLUICE_FOLLOW_SECONDS'),
  summaryFile: text('SLUICE_SUMMARY'),
  stageFile: __ENV['SLUICE_STAGE'] ?? '',
};

function text(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: start scenarios with npm run rehearse`);
  return value;
}

function number(name: string): number {
  const value = Number(text(name));
  if (!Number.isFinite(value)) throw new Error(`${name} must be a number`);
  return value;
}
