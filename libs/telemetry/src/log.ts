/**
 * The Log port on pino: one JSON line per sentence, its facts beside it. Secrets and card numbers are taken out here, for
 * whoever forgets to.
 */
import { type DestinationStream, pino } from 'pino';
import type { Log } from '#dispatch';
import { withoutSecrets } from './redaction';

/** From the most to the least that is written. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** On every line, such as `orchestrator`. */
  readonly process: string;
  readonly level: LogLevel;
  /** On every line: which site wrote it. */
  readonly site?: string;
}

/** @param destination for specs; standard output otherwise, since whoever runs the process owns the files */
export function createLog(options: LogOptions, destination?: DestinationStream): Log {
  const { process: processName, level, site } = options;
  const base = site ? { process: processName, site, pid: process.pid } : { process: processName, pid: process.pid };
  const settings = {
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = destination ? pino(settings, destination) : pino(settings);
  const line =
    (write: 'info' | 'warn' | 'error') =>
    (message: string, facts?: Readonly<Record<string, unknown>>): void =>
      logger[write](withoutSecrets(facts ?? {}), withoutSecrets(message));
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
