/**
 * The ids of suggestions. An id carries its own proof, so that whichever process is asked can honour what another one offered, with Redis
 * gone and without a table: until when it is held and its place in the list stand in it, and a keyed digest binds it to the rest.
 *
 *   sug_ + base64url( version · expiry · place · 128 bits of HMAC( those, merchant, order number, instrument, amount ) )
 *
 * *Not forgeable*: the key is the journal's, and all API processes of the journal read it there. *For one payer's choice only*: another
 * merchant, order, instrument or amount has another digest. *Taken once*: it is bound to an order number, of which the journal allows one
 * payment for ever, so no list of used ids has to be kept. What is held is counted in the memory of the process that offered it, and
 * ends there by time; the process that is asked counts the payment.
 */
import type { EpochMs, InstrumentToken, MerchantId, Money } from '#domain';

/** What an id is good for. */
export interface SuggestionTerms {
  readonly merchantId: MerchantId;
  readonly merchantOrderNo: string;
  readonly token: InstrumentToken;
  readonly amount: Money;
}

export type OpenedSuggestion =
  | { readonly kind: 'valid'; /** Its place in the list, 0 for the first. */ readonly rank: number }
  /** It was made for these terms, and its time is over. */
  | { readonly kind: 'expired' }
  /** It was made for other terms, or not by us. */
  | { readonly kind: 'mismatch' };

export interface SuggestionSeal {
  /** @param expiresAt whole ms on the wall clock */
  seal(terms: SuggestionTerms, rank: number, expiresAt: EpochMs): string;
  open(id: string, terms: SuggestionTerms, now: EpochMs): OpenedSuggestion;
}
