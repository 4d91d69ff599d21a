/**
 * Does the bank enforce what the connector declares? Fences are built on these declarations (money.md section 6): a connector that
 * declares more than its bank enforces charges somebody twice. Each check tries to break one promise and looks into the bank's books.
 *
 * Plain functions instead of tests, so that the suite itself can be tested: against a bank that enforces less, each must object.
 */
import { freshReference, pause, pay, refund, reverse, inquire } from './connector-conformance-bench';
import type { ConformanceBench } from './connector-conformance-bench';

/** A declared capability that the bank does not keep, and what happened. `null`: kept, or not declared. */
type Check = (bench: ConformanceBench) => Promise<string | null>;

export const CAPABILITY_CHECKS: Readonly<Record<string, Check>> = {
  dedupeWindowMs: async (bench) => {
    if (declared(bench).dedupeWindowMs === null) return null;
    const { reference } = await pay(bench, 'ok');
    await pay(bench, 'ok', { reference });
    const charges = await bench.charges(reference);
    return charges === 1 ? null : `the same reference sent twice was charged ${charges} times`;
  },

  refusesLateRequests: async (bench) => {
    if (!declared(bench).refusesLateRequests) return null;
    const { reference, evidence } = await pay(bench, 'ok', { sendBy: Date.now() - 1_000 });
    const charges = await bench.charges(reference);
    if (charges > 0) return 'a request that arrived after its send_by was charged';
    return evidence.class === 'declined' ? null : `a request that arrived too late was answered ${evidence.class}`;
  },

  cancelByReference: async (bench) => {
    if (!declared(bench).cancelByReference) return null;
    const { reference } = await pay(bench, 'ok');
    const undo = await reverse(bench, reference);
    if (undo.class !== 'acknowledged') return `a cancel by our reference was answered ${undo.class}`;
    const charges = await bench.charges(reference);
    return charges === 0 ? null : 'an acknowledged cancel left the charge standing';
  },

  cancelBlocksLatePay: async (bench) => {
    if (!declared(bench).cancelBlocksLatePay) return null;
    const reference = freshReference();
    const undo = await reverse(bench, reference);
    if (undo.class !== 'acknowledged') return `a cancel ahead of its payment was answered ${undo.class}`;
    const { evidence } = await pay(bench, 'ok', { reference });
    if ((await bench.charges(reference)) > 0) return 'a payment that arrived after its acknowledged cancel was charged';
    return evidence.class === 'declined' ? null : `a canceled payment was answered ${evidence.class}`;
  },

  softDeclineIsFinal: async (bench) => {
    if (!declared(bench).softDeclineIsFinal) return null;
    const { reference, evidence } = await pay(bench, 'issuer_down');
    if (evidence.class !== 'declined') return `an inoperative issuer was answered ${evidence.class}`;
    await pause(declared(bench).maxProcessingTimeMs);
    return (await bench.charges(reference)) === 0 ? null : 'a soft decline was charged afterwards';
  },

  maxProcessingTimeMs: async (bench) => {
    const sendBy = Date.now() + 200;
    const { reference } = await pay(bench, 'late_success', { sendBy, timeoutMs: 200 });
    await pause(Math.max(0, sendBy - Date.now()) + declared(bench).maxProcessingTimeMs);
    const before = await bench.charges(reference);
    // Twice the promise: what is still at work then was not bounded by it.
    await pause(declared(bench).maxProcessingTimeMs);
    const after = await bench.charges(reference);
    return before === after ? null : 'a payment was still charged after its send_by plus the declared processing time';
  },

  inquiryLagMs: async (bench) => {
    const { reference } = await pay(bench, 'ok');
    await pause(declared(bench).inquiryLagMs);
    const evidence = await inquire(bench, reference);
    return evidence.class === 'succeeded'
      ? null
      : `a charge older than the declared lag was answered ${evidence.class}`;
  },

  partialRefunds: async (bench) => {
    if (!declared(bench).partialRefunds) return null;
    const { reference } = await pay(bench, 'ok');
    const first = await refund(bench, reference, 2_800);
    const second = await refund(bench, reference, 10_000);
    const classes = [first.evidence.class, second.evidence.class];
    return classes.every((one) => one === 'succeeded')
      ? null
      : `two partial refunds were answered ${classes.join(' and ')}`;
  },
};

/** Every declared capability that the bank does not keep, one sentence each. All at once: most of a check is waiting for the bank's clock. */
export async function brokenPromises(bench: ConformanceBench): Promise<string[]> {
  const checks = Object.entries(CAPABILITY_CHECKS).map(async ([capability, check]) => {
    const objection = await check(bench);
    return objection ? [`${capability}: ${objection}`] : [];
  });
  return (await Promise.all(checks)).flat();
}

function declared(bench: ConformanceBench): ReturnType<ConformanceBench['connector']['capabilities']> {
  return bench.connector.capabilities(bench.route.channelId);
}
