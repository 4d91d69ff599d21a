/** The same sentence in both languages of a report. */
export interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

/** Chinese first, as on every page of ours. */
export function words(zh: string, en: string): Words {
  return { 'zh-CN': zh, en };
}

/** Names, codes and numbers are the same in both. */
export function same(text: string): Words {
  return { 'zh-CN': text, en: text };
}

/** One sentence after the other. */
export function joined(all: readonly Words[], between: Words): Words {
  return {
    'zh-CN': all.map((one) => one['zh-CN']).join(between['zh-CN']),
    en: all.map(({ en }) => en).join(between.en),
  };
}

/** Thousands apart, the same in both languages. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths !== 0 && Math.abs(hundredths) < 10 ? hundredths.toFixed(1) : Math.round(hundredths)} %`;
}

/** `850 ms`, `12.4 s`. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
