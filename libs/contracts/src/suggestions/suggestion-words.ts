/** What a suggestion says on its button, in the words of the cashier page. */
import type { Bank, Eta, Product, SuggestionKind } from '#domain';
import type { MessageResponse } from '../payments/message.response';

/** What a channel is called. */
export interface ChannelNames {
  readonly bank: Bank;
  readonly product: Product;
}

export const PRODUCT_WORDS: Readonly<Record<Product, MessageResponse>> = {
  quickpay: { 'zh-CN': '快捷支付', en: 'quick-pay' },
  gateway: { 'zh-CN': '网上银行', en: 'online banking' },
  balance: { 'zh-CN': '余额', en: 'balance' },
  credit: { 'zh-CN': '信用支付', en: 'credit' },
};

/** Whole seconds up to a minute, whole minutes beyond: nobody believes more. Rounded up, since being early is forgiven. */
function aboutHowLong(eta: Eta | null): { readonly zh: string; readonly en: string } | null {
  if (!eta) return null;
  const seconds = Math.max(1, Math.ceil(eta.p90 / 1_000));
  if (seconds <= 60) return { zh: `约 ${seconds} 秒`, en: `about ${seconds} s` };
  const minutes = Math.ceil(seconds / 60);
  return { zh: `约 ${minutes} 分钟`, en: `about ${minutes} min` };
}

export function suggestionWords(
  kind: SuggestionKind,
  { bank, product }: ChannelNames,
  eta: Eta | null,
): MessageResponse {
  const time = aboutHowLong(eta);
  const zh = `${bank.name['zh-CN']}${PRODUCT_WORDS[product]['zh-CN']}`;
  const en = `${bank.name.en} ${PRODUCT_WORDS[product].en}`;
  const inTime = time ? { zh: `，${time.zh}完成`, en: `, ${time.en}` } : { zh: '', en: '' };
  switch (kind) {
    case 'as_chosen':
      return { 'zh-CN': `${zh}可用${inTime.zh}`, en: `${en} works${inTime.en}.` };
    case 'wait':
      return { 'zh-CN': `继续使用${zh}排队等待${inTime.zh}`, en: `Stay with ${en} and wait${inTime.en}.` };
    case 'balance':
      return { 'zh-CN': `改用${zh}支付${inTime.zh}`, en: `Use the ${en} instead${inTime.en}.` };
    case 'same_bank_quickpay':
    case 'another_card':
      return { 'zh-CN': `改用${zh}${inTime.zh}`, en: `Use ${en} instead${inTime.en}.` };
  }
}
