/**
 * Ids are TypeIDs: a word for the kind and a UUIDv7 in base32 (`pay_01h455vb4pex5vsknk084sn02q`). The same text is used in the
 * API, in PostgreSQL, in a job and in a log line, so that an operator can paste it anywhere. They sort by creation time, but
 * nothing decides by that time: it came from one machine's clock.
 */
declare const brand: unique symbol;
type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type PaymentId = Id<'payment'>;
export type AttemptId = Id<'attempt'>;
export type RefundId = Id<'refund'>;
/** Readable: bank, dot, product, such as `icbc.quickpay`. */
export type ChannelId = Id<'channel'>;
export type MerchantId = Id<'merchant'>;
/** What a bank sees as our reference of one attempt: see bank-reference.ts. */
export type BankReference = Id<'bank reference'>;
/** A payer's card or agreement, by token. Never a card number. */
export type InstrumentToken = Id<'instrument token'>;

/** TypeID prefixes in use; a prefix is never given a second meaning. */
export const ID_PREFIX = {
  payment: 'pay',
  attempt: 'att',
  refund: 'ref',
  request: 'req',
  event: 'evt',
  suggestion: 'sug',
} as const;

const TYPE_ID_SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Does the text have the shape of a payment's id? It says nothing about whether the payment exists. */
export function isPaymentId(text: string): text is PaymentId {
  return text.startsWith('pay_') && TYPE_ID_SUFFIX.test(text.slice(4));
}

/** Does the text have the shape of a refund's id? It says nothing about whether the refund exists. */
export function isRefundId(text: string): text is RefundId {
  return text.startsWith(`${ID_PREFIX.refund}_`) && TYPE_ID_SUFFIX.test(text.slice(ID_PREFIX.refund.length + 1));
}

/** Does the text have the shape of a channel's id? */
export function isChannelId(text: string): text is ChannelId {
  return /^[a-z0-9]{2,12}\.[a-z]{2,12}$/.test(text);
}
