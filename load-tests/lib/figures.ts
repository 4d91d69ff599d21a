// What a rehearsal measures. Names end up in the summary that `npm run rehearse` reads.
import { Counter, Trend } from 'k6/metrics';

const ended = {
  succeeded: new Counter('payments_succeeded'),
  failed: new Counter('payments_failed'),
  canceled: new Counter('payments_canceled'),
  expired: new Counter('payments_expired'),
  other: new Counter('payments_other'),
};

export const measured = {
  posted: new Counter('payments_posted'),
  accepted: new Counter('payments_accepted'),
  notAccepted: new Counter('payments_not_accepted'),
  /** POSTs repeated under the same key. */
  repeated: new Counter('posts_repeated'),
  /** Suggestions that payers took. */
  followed: new Counter('suggestions_followed'),
  final: new Counter('payments_final'),
  notFinal: new Counter('payments_not_final'),
  ended: (state: string): Counter => ended[state as keyof typeof ended] ?? ended.other,
  /** From the POST that was accepted to its answer. */
  acknowledge: new Trend('acknowledge', true),
  /** From the first POST to the final state, as the checkout saw it. */
  endToEnd: new Trend('end_to_end', true),
  /** The same, only cards whose bank answers an ordinary yes. */
  endToEndOrdinary: new Trend('end_to_end_ordinary', true),
};
