// Who buys what with which card: drawn from data/card-mix.json, which says where its figures come from.
import { chanceOf, drawn } from './chance.ts';

type Sourced = Readonly<Record<string, { readonly share: number }>>;

interface CardMix {
  readonly banks: Sourced;
  readonly products: Sourced;
  readonly fates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const mix = JSON.parse(open('../data/card-mix.json')) as CardMix;
const banks = sharesOf(mix.banks);
const products = sharesOf(mix.products);

function sharesOf(all: Sourced): Record<string, number> {
  return Object.fromEntries(Object.entries(all).map(([name, { share }]) => [name, share]));
}

/** One order at the checkout. */
export interface Order {
  readonly orderNo: string;
  readonly key: string;
  /** Fen. */
  readonly value: number;
  readonly currency: 'CNY';
  readonly token: string;
  /** What the card will do at its bank, by the name of its magic instrument. */
  readonly fate: string;
  readonly payer: string;
}

/** Order number `n` (0, 1, …) of a run. */
export function orderOf(run: string, seed: number, n: number): Order {
  const random = chanceOf(seed, n);
  const product = drawn(products, random);
  const bank = drawn(banks, random);
  const fate = drawn(mix.fates[product] ?? { ok: 1 }, random);
  const token = product === 'wallet' ? `tok_wallet_balance_${fate}` : `tok_${bank}_${product}_${fate}`;
  return {
    orderNo: `${run}-${n}`,
    key: `${run}-key-${n}`,
    value: basket(random),
    currency: 'CNY',
    token,
    fate,
    payer: `payer-${Math.floor(random() * 1_000_000)}`,
  };
}

/** Baskets spread log-normally around 120 yuan, between 1 yuan and 5,000; the amounts do not matter, that they differ does. */
function basket(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(500_000, Math.max(100, Math.round(12_000 * Math.exp(normal))));
}
