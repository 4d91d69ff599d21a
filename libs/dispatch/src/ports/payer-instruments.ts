/** What a payer may pay with, as the merchant has stored it: in the payer's order, by token. Implemented by `#postgres`. */
import type { ChannelId, EpochMs, InstrumentToken, MerchantId } from '#domain';

export interface StoredInstrument {
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  readonly addedAt: EpochMs;
}

/** A payer's wallet rarely holds six cards; beyond sixteen it is somebody's test loop. */
export const STORED_INSTRUMENTS_MAX = 16;

export type StoreAnswer =
  | { readonly kind: 'stored'; readonly instruments: readonly StoredInstrument[]; readonly isNew: boolean }
  /** There is no such token, it is disabled, or another merchant owns it. */
  | { readonly kind: 'unknown'; readonly position: number }
  | { readonly kind: 'full' };

/** Payers are named by their merchants: the same id of two merchants is two payers. */
export interface PayerInstruments {
  /** In the payer's order, at most STORED_INSTRUMENTS_MAX. @throws JournalUnavailable */
  list(merchantId: MerchantId, payerId: string): Promise<readonly StoredInstrument[]>;
  /** These and no others, in this order. @param tokens none twice. @throws JournalUnavailable */
  replace(merchantId: MerchantId, payerId: string, tokens: readonly InstrumentToken[]): Promise<StoreAnswer>;
  /** One more at the end; one that is there already stays where it is. @throws JournalUnavailable */
  add(merchantId: MerchantId, payerId: string, token: InstrumentToken): Promise<StoreAnswer>;
  /** @returns whether it was there. @throws JournalUnavailable */
  remove(merchantId: MerchantId, payerId: string, token: InstrumentToken): Promise<boolean>;
}
