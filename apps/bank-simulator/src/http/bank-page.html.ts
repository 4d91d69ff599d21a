/** The simulated bank's page: what a payer sees between the shop and the money. Plain HTML, no script, both languages. */
import { formatMoney, isCurrency } from '#domain';
import type { Answer } from '../protocol/answer';

export type Language = 'zh-CN' | 'en';

export interface PageView {
  readonly language: Language;
  readonly bankEn: string;
  readonly bankZh: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  readonly state: Answer;
  readonly expiresAt: string | null;
  readonly returnUrl: string | null;
}

const TEXT = {
  'zh-CN': {
    title: '网上银行支付',
    simulated: '模拟银行：不会动用任何真实资金',
    amount: '支付金额',
    order: '订单',
    reference: '交易流水号',
    until: '请在此时间前完成',
    pay: '确认支付',
    cancel: '取消',
    back: '返回商户',
    other: 'English',
  },
  en: {
    title: 'Online banking payment',
    simulated: 'A simulated bank: no real money moves',
    amount: 'Amount',
    order: 'Order',
    reference: 'Reference',
    until: 'Please finish before',
    pay: 'Pay',
    cancel: 'Cancel',
    back: 'Back to the shop',
    other: '中文',
  },
} as const;

/** `zh-CN` unless the reader asked for something else and not for Chinese. */
export function languageOf(query: string | undefined, acceptLanguage: string | undefined): Language {
  if (query === 'en' || query === 'zh-CN') return query;
  return acceptLanguage === undefined || /\bzh\b/i.test(acceptLanguage) ? 'zh-CN' : 'en';
}

export function bankPage(view: PageView): string {
  const text = TEXT[view.language];
  const bank = view.language === 'en' ? view.bankEn : view.bankZh;
  const money = isCurrency(view.currency)
    ? formatMoney({ value: view.amountMinor, currency: view.currency })
    : `${view.amountMinor} ${view.currency}`;
  const rows: [string, string][] = [
    ...(view.description === '' ? [] : [[text.order, view.description] as [string, string]]),
    [text.reference, view.reference],
    ...(view.expiresAt === null ? [] : [[text.until, view.expiresAt] as [string, string]]),
  ];
  const open = view.state.word === 'ACTION';
  return `<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(bank)} · ${text.title}</title>
<style>
body { margin: 0; font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; background: #f2f4f7; color: #1c2430; }
main { max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 12px; box-shadow: 0 8px 30px #1c243018; }
h1 { margin: 0; font-size: 1.25rem; } .note { color: #69707d; font-size: .85rem; margin: .25rem 0 1.5rem; }
.money { font-size: 2rem; font-weight: 600; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.5rem; font-size: .9rem; }
dt { color: #69707d; } dd { margin: 0; overflow-wrap: anywhere; }
form { display: flex; gap: .75rem; } button, a.back { flex: 1; padding: .8rem; border-radius: 8px; border: 1px solid #c3c9d3; background: #fff; font: inherit; color: inherit; cursor: pointer; text-align: center; text-decoration: none; display: block; }
button.pay { flex: 2; background: #b3261e; border-color: #b3261e; color: #fff; font-weight: 600; }
button:focus-visible, a:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
.state { padding: .8rem 1rem; border-radius: 8px; background: #eef2f7; margin: 0 0 1.5rem; } .lang { float: right; font-size: .85rem; color: #69707d; }
</style>
</head>
<body>
<main>
<a class="lang" href="?lang=${view.language === 'en' ? 'zh-CN' : 'en'}">${text.other}</a>
<h1>${escape(bank)}</h1>
<p class="note">${text.title} · ${text.simulated}</p>
<p class="note" style="margin:0">${text.amount}</p>
<p class="money">${escape(money)}</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('')}</dl>
${open ? buttons(text) : outcome(view, text.back)}
</main>
</body>
</html>
`;
}

function buttons(text: { readonly pay: string; readonly cancel: string }): string {
  return `<form method="post">
<button type="submit" name="press" value="cancel">${text.cancel}</button>
<button class="pay" type="submit" name="press" value="pay">${text.pay}</button>
</form>`;
}

function outcome({ state, language, returnUrl }: PageView, back: string): string {
  const said = state.fields[language === 'en' ? 'text_en' : 'text_zh'];
  const link = returnUrl === null ? '' : `<a class="back" href="${escape(returnUrl)}">${back}</a>`;
  return `<p class="state" role="status">${escape(String(said))} (${state.word} ${state.code})</p>${link}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
