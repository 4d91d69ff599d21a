/** Banks, products and channels: a channel is a bank × product, such as `icbc.quickpay`. */
import type { ChannelId, InstrumentToken } from './ids';

/**
 * `quickpay`: signed once, then one-key server-to-server debit. `gateway`: the payer is sent to the bank's page.
 * `balance`: prefunded, never congested by a bank. `credit`: credit line.
 */
export const PRODUCTS = ['quickpay', 'gateway', 'balance', 'credit'] as const;
export type Product = (typeof PRODUCTS)[number];

export interface Bank {
  readonly id: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
}

export interface Channel {
  readonly id: ChannelId;
  readonly bankId: string;
  readonly product: Product;
  /** Which connector speaks its protocol, such as `rest`. */
  readonly connector: string;
  readonly currencies: readonly string[];
  readonly enabled: boolean;
  /** What the bank takes of each payment, hundredths of a per cent. */
  readonly feeBasisPoints: number;
}

/** One network route to a channel. A channel may have several, through different carriers. */
export interface Line {
  readonly id: string;
  readonly channelId: ChannelId;
  readonly baseUrl: string;
}

/** A payer's card or agreement as one merchant knows it. */
export interface Instrument {
  readonly token: InstrumentToken;
  readonly merchantId: string;
  readonly channelId: ChannelId;
  /** What the bank calls the agreement. In the sandbox the same text as the token. */
  readonly bankToken: string;
}

/** Congestion level of a channel, as payers and merchants see it. */
export const CONGESTION_LEVELS = ['normal', 'busy', 'congested', 'closed'] as const;
export type CongestionLevel = (typeof CONGESTION_LEVELS)[number];
