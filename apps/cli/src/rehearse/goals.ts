/** Goals written as data (`>= 0.95`), put on figures by their names. */
import { atLeast, atMost, described, type Figure } from '../outcome';

/** @throws on anything but `<=` or `>=` and a number */
export function parseGoal(text: string): { readonly most?: number; readonly least?: number } {
  const [, sign, number] = /^(<=|>=) (-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (sign === undefined) throw new Error(`"${text}" is no goal; write it like ">= 0.95" or "<= 40".`);
  return sign === '<=' ? { most: Number(number) } : { least: Number(number) };
}

/** The figures with these goals in place of their own. A goal whose figure nobody measured is not met. */
export function withGoals(figures: readonly Figure[], goals: Readonly<Record<string, string>>): Figure[] {
  const missing = Object.keys(goals).filter((name) => !figures.some((figure) => figure.name === name));
  return [...figures, ...missing.map((name) => described(name, null, ''))].map((figure) => {
    const text = goals[figure.name];
    if (text === undefined) return figure;
    const { name, value, unit } = figure;
    const { most, least } = parseGoal(text);
    return most === undefined ? atLeast(name, value, least ?? 0, unit) : atMost(name, value, most, unit);
  });
}
