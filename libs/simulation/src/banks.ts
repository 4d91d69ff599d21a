// Which banks does the rehearsal play, and how does each one congest? Seventeen channels: eight banks with
// `quickpay` and `gateway`, and the prefunded wallet.
//
// Where the shapes come from. The order of falling is Double 11 2012 as the press told it: CMB congested
// first, then CCB's online banking collapsed, then BOC, CIB and PSBC; ICBC held. 2011 had already shown CCB,
// BOC and CIB online banking fail, which is why each `gateway` is frailer than its `quickpay`. Of ABC and
// BOCOM nothing is on record; they carry two habits a router must survive: an endless queue that hides the
// trouble, and a wide spread of service time with pauses. Nothing here says how these banks run today.
//
// Where the sizes come from. A laptop: quickpay truths add up to about 7,000 answers/s, so 5,000 payments/s
// spread over eight banks flow freely (CCB alone served about 3,000/s and had prepared 30,000 for a Double
// 11). Only ratios matter for what is rehearsed: queue / capacity, load at which it falls, share it keeps.
import { type BankCapacityConfig, DEGRADATIONS } from './bank-capacity-config';
import { parseCapacityConfig } from './parse-capacity-config';

/** One channel of one bank with its character in a sentence. */
export interface BankPreset {
  /** `icbc.quickpay`: bank and product. */
  channel: string;
  bank: string;
  product: 'quickpay' | 'gateway' | 'balance';
  nameEn: string;
  nameZh: string;
  /** What it does when it is offered too much. */
  character: string;
  capacity: BankCapacityConfig;
}

type Shape = Pick<BankCapacityConfig, 'slots' | 'queueLimit'> &
  Partial<Omit<BankCapacityConfig, 'service'>> & { meanMs: number; sigma: number };

/** Unsaid things: one payment per slot, no early refusals, quick *busy*, no slowing, no fall, no cap, no pauses. */
function capacity({ meanMs, sigma, ...rest }: Shape): BankCapacityConfig {
  return parseCapacityConfig({
    service: { shape: 'lognormal', meanMs, sigma },
    answerDelayMs: 5, // a metropolitan line there and back
    discipline: 'fifo',
    busyFromQueue: rest.queueLimit,
    busyAnswerMs: 15,
    degradation: DEGRADATIONS.none,
    collapse: null,
    rateCap: null,
    pauses: null,
    ...rest,
  });
}

/** BOC: keeps a little more than half of its throughput in overload, and takes a while to come back. */
const SAGGING = { kneeLoad: 1, slope: 0.6, floor: 0.55 };

interface Bank {
  bank: string;
  nameEn: string;
  nameZh: string;
  quickpay: [character: string, capacity: BankCapacityConfig];
  gateway: [character: string, capacity: BankCapacityConfig];
}

const BANKS: readonly Bank[] = [
  {
    bank: 'icbc',
    nameEn: 'Industrial and Commercial Bank of China',
    nameZh: '中国工商银行',
    quickpay: [
      'holds: serves its full capacity under any load and says busy to the rest',
      capacity({ slots: 120, meanMs: 100, sigma: 0.3, queueLimit: 600, busyFromQueue: 300 }),
    ],
    gateway: [
      'holds, a little slower when crowded',
      capacity({ slots: 100, meanMs: 200, sigma: 0.4, queueLimit: 500, degradation: DEGRADATIONS.mild }),
    ],
  },
  {
    bank: 'abc',
    nameEn: 'Agricultural Bank of China',
    nameZh: '中国农业银行',
    quickpay: [
      'hides trouble in a queue of three seconds and slows mildly before it says busy',
      capacity({ slots: 180, meanMs: 200, sigma: 0.5, queueLimit: 2700, degradation: DEGRADATIONS.mild }),
    ],
    gateway: [
      'hides trouble in a queue of three seconds too, on a slower page',
      capacity({ slots: 120, meanMs: 300, sigma: 0.5, queueLimit: 1200, degradation: DEGRADATIONS.mild }),
    ],
  },
  {
    bank: 'boc',
    nameEn: 'Bank of China',
    nameZh: '中国银行',
    quickpay: [
      'sags: loses almost half of its throughput in overload and recovers slowly',
      capacity({ slots: 135, meanMs: 150, sigma: 0.4, queueLimit: 900, degradation: SAGGING }),
    ],
    gateway: [
      'sags like its quick-pay, only sooner',
      capacity({ slots: 100, meanMs: 250, sigma: 0.5, queueLimit: 600, degradation: { ...SAGGING, slope: 1.2 } }),
    ],
  },
  {
    bank: 'ccb',
    nameEn: 'China Construction Bank',
    nameZh: '中国建设银行',
    quickpay: [
      'collapses: degrades hard past its knee, then stops, and is back only after a restart and an empty queue',
      capacity({
        slots: 150,
        meanMs: 150,
        sigma: 0.5,
        queueLimit: 1200,
        degradation: DEGRADATIONS.hard,
        collapse: { atLoad: 5, downMs: 12_000, recoverAtLoad: 0.5, drainSpeed: 0.25, refuses: true },
      }),
    ],
    gateway: [
      'collapses and hangs: takes payments it no longer answers, and stays down until callers leave it alone',
      capacity({
        slots: 120,
        meanMs: 250,
        sigma: 0.6,
        queueLimit: 960,
        degradation: DEGRADATIONS.hard,
        collapse: { atLoad: 4, downMs: 20_000, recoverAtLoad: 0.5, drainSpeed: 0.1, refuses: false },
      }),
    ],
  },
  {
    bank: 'cmb',
    nameEn: 'China Merchants Bank',
    nameZh: '招商银行',
    quickpay: [
      'congests first: fast, hardly any queue, and says busy from the first crowd on',
      capacity({ slots: 64, meanMs: 80, sigma: 0.3, queueLimit: 120, busyFromQueue: 12, busyAnswerMs: 10 }),
    ],
    gateway: [
      'congests first: lets fifty wait at most, and says busy from ten on',
      capacity({ slots: 50, meanMs: 150, sigma: 0.4, queueLimit: 50, busyFromQueue: 10, busyAnswerMs: 10 }),
    ],
  },
  {
    bank: 'cib',
    nameEn: 'Industrial Bank',
    nameZh: '兴业银行',
    quickpay: [
      'has a ceiling of 700/s that no document mentions, and says busy beyond it',
      capacity({
        slots: 96,
        meanMs: 120,
        sigma: 0.4,
        queueLimit: 400,
        degradation: DEGRADATIONS.mild,
        rateCap: { perSecond: 700, burst: 70, beyond: 'busy' },
      }),
    ],
    gateway: [
      'paces its page at 260/s and lets the rest wait',
      capacity({
        slots: 60,
        meanMs: 200,
        sigma: 0.5,
        queueLimit: 500,
        degradation: DEGRADATIONS.mild,
        rateCap: { perSecond: 260, burst: 26, beyond: 'wait' },
      }),
    ],
  },
  {
    bank: 'psbc',
    nameEn: 'Postal Savings Bank of China',
    nameZh: '中国邮政储蓄银行',
    quickpay: [
      'works on everything at once: all payments slow down together, none waits',
      capacity({
        slots: 175,
        meanMs: 250,
        sigma: 0.6,
        queueLimit: 1050,
        busyFromQueue: 700,
        discipline: 'processor_sharing',
        degradation: { kneeLoad: 1, slope: 0.3, floor: 0.65 },
      }),
    ],
    gateway: [
      'works on everything at once, and loses almost half of its throughput that way',
      capacity({
        slots: 80,
        meanMs: 250,
        sigma: 0.6,
        queueLimit: 480,
        discipline: 'processor_sharing',
        degradation: SAGGING,
      }),
    ],
  },
  {
    bank: 'bocom',
    nameEn: 'Bank of Communications',
    nameZh: '交通银行',
    quickpay: [
      'wide spread of service time, and half a second of standstill every ten',
      capacity({
        slots: 150,
        meanMs: 180,
        sigma: 0.9,
        queueLimit: 800,
        pauses: { everyMs: 10_000, forMs: 500, firstAtMs: 4_000 },
      }),
    ],
    gateway: [
      'wide spread of service time, slower when crowded, and a standstill every fifteen seconds',
      capacity({
        slots: 85,
        meanMs: 250,
        sigma: 0.9,
        queueLimit: 500,
        degradation: DEGRADATIONS.mild,
        pauses: { everyMs: 15_000, forMs: 500, firstAtMs: 7_000 },
      }),
    ],
  },
];

/** All channels, quickpay before gateway, bank by bank, the wallet last. */
export const BANK_PRESETS: readonly BankPreset[] = [
  ...BANKS.flatMap(({ bank, nameEn, nameZh, ...products }) =>
    (['quickpay', 'gateway'] as const).map((product): BankPreset => {
      const [character, shape] = products[product];
      return { channel: `${bank}.${product}`, bank, product, nameEn, nameZh, character, capacity: shape };
    }),
  ),
  {
    channel: 'wallet.balance',
    bank: 'wallet',
    product: 'balance',
    nameEn: 'Wallet balance',
    nameZh: '余额',
    character: 'prefunded, no bank behind it: 20,000/s, more than any rehearsal offers',
    capacity: capacity({ slots: 400, meanMs: 20, sigma: 0.2, queueLimit: 4000 }),
  },
];

/** The preset of a channel. Throws with the list of channels if there is none. */
export function bankPreset(channel: string): BankPreset {
  const found = BANK_PRESETS.find((preset) => preset.channel === channel);
  if (found !== undefined) return found;
  throw new RangeError(
    `there is no bank channel ${channel}; there are ${BANK_PRESETS.map((preset) => preset.channel).join(', ')}`,
  );
}
