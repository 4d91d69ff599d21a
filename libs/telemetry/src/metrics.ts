/**
 * Every metric by name: what it counts, in which unit, with which labels. A name that is not here is not counted, and a spec
 * compares this list with the source both ways.
 *
 * Labels are words from small closed sets (channels, operations, codes), never ids: each combination is a series that lives for ever.
 */
export interface MetricDefinition {
  readonly kind: 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

const counter = (help: string, ...labels: string[]): MetricDefinition => ({ kind: 'counter', help, labels });
const durations = (help: string, ...labels: string[]): MetricDefinition => ({ kind: 'histogram', help, labels });

export const METRICS: Readonly<Record<string, MetricDefinition>> = {
  sluice_alerts_total: counter('Things a person should look at, by what they are.', 'alert'),
  sluice_bank_answers_total: counter(
    'Answers of banks by class of evidence. Only `unknown` leaves the fate of money open.',
    'channel',
    'operation',
    'class',
  ),
  sluice_bank_call_ms: durations('One call to a bank, from the first byte to the last, ms.', 'channel', 'operation'),
  sluice_follow_ups_entered_total: counter('Payments that were not final seconds after their acceptance.'),
  sluice_notifications_total: counter('Notifications of banks by what became of them.', 'channel', 'result'),
  sluice_http_requests_total: counter('Answered HTTP requests.', 'operation', 'status'),
  sluice_http_request_ms: durations(
    'From a request’s first byte to its answer, ms; long-polls wait on purpose.',
    'operation',
  ),
  sluice_webhook_tries_total: counter('Tries to tell a merchant’s endpoint, by the kind of answer.', 'result'),
  queue_adds: counter('Jobs that Redis took.'),
  queue_adds_failed: counter('Jobs that Redis did not take; the sweeper adds them again.', 'reason'),
  queue_finishes_stale: counter('Finished jobs that the queue no longer had: somebody else had taken them over.'),
  queue_jobs_foreign: counter('Jobs in the queue that are not ours.'),
  queue_jobs_reclaimed: counter('Jobs taken again because their worker had lost its lock.'),
  queue_jobs_recovered: counter('Jobs put back because their worker was gone.'),
  queue_jobs_taken: counter('Jobs taken against a permit.', 'lane'),
  queue_locks_lost: counter('Locks of jobs in hand that could not be renewed.'),
  sluice_pump_handler_errors_total: counter(
    'Jobs whose handling failed on our side; the sweeper comes back to them.',
    'lane',
  ),
  sluice_shed_total: counter('Requests turned away because this process was strained.', 'work'),
  sluice_problems_total: counter('Answers that were errors, by their code (docs/errors.md).', 'code'),
};

/** Upper bounds of the histograms, ms: 1 ms (a memory answer) to 30 s (the longest long-poll), about doubling. */
export const DURATION_BUCKETS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_000, 10_000, 20_000, 30_000,
];
