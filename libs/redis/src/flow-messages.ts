/**
 * Reads what came over Redis. Anybody there can publish, and another version of Sluice may: what has not the shape of a message is left
 * out, whole. Only what decides who is listened to is looked at; the rest is read by the policy, which is at home in odd numbers.
 */
import type { DoorReport, FlowSnapshot, WorkerReport } from '#policy';

/** A report as it arrives at the controller. */
export type FlowReport =
  { readonly kind: 'worker'; readonly report: WorkerReport } | { readonly kind: 'door'; readonly report: DoorReport };

/** Largest message that is read, characters: 300 channels take 500,000. */
const MESSAGE_MAX = 4_000_000;

export function readSnapshot(text: string): FlowSnapshot | null {
  const read = readObject(text);
  if (typeof read?.['controllerId'] !== 'string' || !isCount(read['term']) || !isCount(read['seq'])) return null;
  return areChannels(read['channels']) ? (read as unknown as FlowSnapshot) : null;
}

export function readReport(text: string): FlowReport | null {
  const read = readObject(text);
  const report = read?.['report'] as Record<string, unknown> | null | undefined;
  if (typeof report !== 'object' || report === null || !isCount(report['seq'])) return null;
  if (read?.['kind'] === 'worker') {
    const good = typeof report['workerId'] === 'string' && areChannels(report['calls']);
    return good ? (read as unknown as FlowReport) : null;
  }
  if (read?.['kind'] === 'door') {
    const good = typeof report['doorId'] === 'string' && areChannels(report['channels']);
    return good ? (read as unknown as FlowReport) : null;
  }
  return null;
}

function readObject(text: string): Record<string, unknown> | null {
  if (text.length > MESSAGE_MAX) return null;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areChannels(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => typeof (one as { channelId?: unknown } | null)?.channelId === 'string')
  );
}
