/**
 * Every step of accepting, dispatching and giving back at which a process may die, by name. Tests and fault runs stop a process at each
 * of them (`SLUICE_CRASH_AT=<step>:<n>`, the n-th time it is reached) and then ask whether money was lost or taken twice.
 */
export const STEPS = [
  'accept.admitted',
  'accept.committed',
  'accept.enqueued',
  'accept.answered',
  'dispatch.taken',
  'dispatch.committed',
  'dispatch.sending',
  'dispatch.answered',
  'dispatch.settled',
  'dispatch.finished',
  'inquire.taken',
  'inquire.answered',
  'inquire.settled',
  'refund.committed',
  'refund.sending',
  'refund.answered',
  'refund.settled',
  'reverse.sending',
  'reverse.answered',
  'reverse.settled',
  'sweep.collected',
  'sweep.taken',
  'sweep.enqueued',
  'deliver.taken',
  'deliver.answered',
  'deliver.recorded',
] as const;
export type Step = (typeof STEPS)[number];

/** Told each time a step is reached. In production it does nothing. */
export type StepProbe = (step: Step) => void;
