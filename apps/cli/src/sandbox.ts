/**
 * What a fresh sandbox holds: two merchants, an operator, the simulated banks as channels, and magic instruments for every outcome.
 * The limits are what a bank's contract would say, taken from the simulated banks' true capacity.
 */
import type { ChannelId, ChannelLimits } from '#domain';
import type { SandboxSeed } from '#postgres';
import { BANK_PRESETS, BEHAVIOURS, type BankPreset, trueCapacityPerSecond } from '#simulation';

export const MERCHANT = 'mer_sandbox';
export const OTHER_MERCHANT = 'mer_other';

/** Keys by whom they belong to; read from the environment by the seed command. */
export interface SandboxKeys {
  readonly merchant: string;
  readonly otherMerchant: string;
  readonly operator: string;
}

/** @param bankUrl base URL of the bank simulator */
export function sandboxSeed(keys: SandboxKeys, bankUrl: string): SandboxSeed {
  return {
    merchants: [
      { id: MERCHANT, name: 'Sandbox merchant', apiKey: keys.merchant },
      { id: OTHER_MERCHANT, name: 'Another merchant', apiKey: keys.otherMerchant },
    ],
    operator: { name: 'Sandbox operator', apiKey: keys.operator },
    banks: [...new Map(BANK_PRESETS.map((preset) => [preset.bank, preset])).values()].map(
      ({ bank, nameZh, nameEn }) => ({
        id: bank,
        nameZh,
        nameEn,
      }),
    ),
    channels: BANK_PRESETS.map((preset) => ({
      channel: {
        id: preset.channel as ChannelId,
        bankId: preset.bank,
        product: preset.product,
        connector: 'rest',
        currencies: ['CNY'],
        feeBasisPoints: FEE_BASIS_POINTS[preset.product],
      },
      limits: contractOf(preset),
      baseUrl: `${bankUrl}/banks/${preset.channel}`,
    })),
    instruments: [
      ...BANK_PRESETS.flatMap(({ channel }) =>
        BEHAVIOURS.map(({ name }) => {
          const token = magicToken(channel, name);
          return { token, merchantId: MERCHANT, channelId: channel, bankToken: token };
        }),
      ),
      {
        token: FOREIGN_TOKEN,
        merchantId: OTHER_MERCHANT,
        channelId: 'icbc.quickpay',
        bankToken: magicToken('icbc.quickpay', 'ok'),
      },
    ],
  };
}

/** Belongs to the other merchant: using it must be refused. */
const FOREIGN_TOKEN = 'tok_foreign_icbc_quickpay_ok';

/** A few tokens by what they do, for the quick start and for scripts. */
export function exampleTokens(): Record<string, string> {
  const quickpay = Object.fromEntries(BEHAVIOURS.map(({ name }) => [name, magicToken('icbc.quickpay', name)]));
  return {
    ...quickpay,
    gateway: magicToken('icbc.gateway', 'ok'),
    balance: magicToken('wallet.balance', 'ok'),
    foreign: FOREIGN_TOKEN,
  };
}

function magicToken(channel: string, behaviour: string): string {
  return `tok_${channel.replace('.', '_')}_${behaviour}`;
}

/** A payer's bank answers within 5 s or the payer has left; the simulated banks' slowest ordinary answer is well below. */
const TIMEOUT_MS = 5_000;
/** About 2 s where payers have alternatives (flow-control.md, section 6). */
const LONGEST_WAIT_MS = 2_000;
/** Single-payment caps, fen: quick-pay 50,000 yuan, the bank's own page 500,000, the wallet 200,000; usual sizes, not a bank's word. */
const AMOUNT_MAX = { quickpay: 5_000_000, gateway: 50_000_000, balance: 20_000_000 };

/** Fees by product, of the usual size, not a bank's word: the wallet is ours, a bank's own page costs most. */
const FEE_BASIS_POINTS = { quickpay: 20, gateway: 30, balance: 0 };

function contractOf(preset: BankPreset): Omit<ChannelLimits, 'channelId' | 'revision'> {
  const ratePerSecond = Math.floor(trueCapacityPerSecond(preset.capacity));
  return {
    ratePerSecond,
    burst: Math.ceil(ratePerSecond / 10),
    inFlightMax: preset.capacity.slots,
    longestWaitMs: LONGEST_WAIT_MS,
    timeoutMs: TIMEOUT_MS,
    amountMin: 1,
    amountMax: AMOUNT_MAX[preset.product],
  };
}
