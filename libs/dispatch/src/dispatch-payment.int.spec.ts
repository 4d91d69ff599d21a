/** What closes a channel while a payment is on its way to the wire holds it back: not a byte leaves, and the payment waits again. */
import type { ChannelOrder } from '#domain';
import { ChannelScores, RetryBudget } from '#policy';
import { type Postgres, createPostgres } from '#postgres';
import { systemClock, systemNames } from '#runtime';
import { TEST_CHANNEL, type TestDatabase, createTestJournal, draftOf, silentLog } from '#testing';
import { DispatchPayment } from './dispatch-payment';
import { FindReroute } from './find-reroute';
import type { ChannelEntry } from './ports/channel-registry';
import type { CallLimits, Connector, Exchange } from './ports/connector';
import { SettleAttempt } from './settle-attempt';

const meters = { count: () => undefined, observeMs: () => undefined };
const queue = { add: () => Promise.resolve(false) };

let database: TestDatabase;
let postgres: Postgres;
let entry: ChannelEntry | undefined;
let stamped: number;

beforeAll(async () => {
  database = await createTestJournal();
  const monotonicMs = () => performance.now();
  postgres = await createPostgres({
    ...{ databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog, monotonicMs },
  });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

beforeEach(() => {
  entry = postgres.channels.get(TEST_CHANNEL);
  stamped = 0;
});

/** @param change what happens to the channel after the commit, before the first byte */
async function dispatched(change: (entry: ChannelEntry) => ChannelEntry | undefined) {
  const bank = {
    capabilities: () => ({ softDeclineIsFinal: true, refusesLateRequests: false }),
    pay: (_route: unknown, _request: unknown, { maySend }: CallLimits): Promise<Exchange> => {
      entry = change(entry!);
      if (maySend()) throw new Error('The request left.');
      return Promise.resolve({ kind: 'not_sent', reason: 'guard', elapsedMs: 1 } as unknown as Exchange);
    },
    classify: () => ({ class: 'not_sent', reason: 'guard' }),
  } as unknown as Connector;
  const told = { clock: systemClock, names: systemNames, log: silentLog, meters, budget: new RetryBudget() };
  const world = { ...postgres, ...told, scores: new ChannelScores(), connectorFor: () => bank, queue };
  const settle = new SettleAttempt({ ...world, reroute: new FindReroute(world) });
  const slot = { stamp: () => (stamped += 1), answered: () => undefined, end: () => undefined };
  const dispatch = new DispatchPayment({
    ...world,
    settle,
    channels: { ...postgres.channels, get: () => entry } as typeof postgres.channels,
    pace: { slot: () => Promise.resolve(slot) },
    reached: () => undefined,
    notifyBaseUrl: null,
  });
  const draft = draftOf();
  await postgres.journal.accept(draft);
  const outcome = await dispatch.dispatch({ paymentId: draft.id, version: 1, channelId: TEST_CHANNEL });
  return { outcome, head: (await postgres.journal.read(draft.id))!.head };
}

const order = (hold: ChannelOrder['hold']): ChannelOrder => ({
  ...{ channelId: TEST_CHANNEL, hold, by: 'spec', why: 'test', since: 0, until: null },
});

it.each<[string, (entry: ChannelEntry) => ChannelEntry | undefined]>([
  ['an operator pauses it', (now) => ({ ...now, order: order('pause') })],
  ['an operator kills it', (now) => ({ ...now, order: order('kill') })],
  ['it is closed', (now) => ({ ...now, channel: { ...now.channel, enabled: false } })],
  ['it is taken away', () => undefined],
])('nothing is sent when %s after the commit', async (_when, change) => {
  const { head, outcome } = await dispatched(change);
  expect({ outcome, stamped }).toEqual({ outcome: 'answered', stamped: 0 });
  expect(head).toMatchObject({ state: 'queued', leg: 2 });
});

it('nothing is even committed for a channel that is closed when the job comes', async () => {
  entry = { ...entry!, channel: { ...entry!.channel, enabled: false } };
  const { head, outcome } = await dispatched(() => entry);
  expect(outcome).toBe('held');
  expect(head).toMatchObject({ state: 'queued', leg: 1, version: 1 });
});
