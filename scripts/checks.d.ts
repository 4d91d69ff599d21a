// Types of the plain JavaScript that the checkers read, so that the specs about them are checked as well.

/** One floor; the fields are explained at the top of floors.cjs. */
interface Floor {
  floor: number | '–';
  name: string;
  where: string;
  what: string;
  mayImport: string[];
  typesOnly: string[];
  packages: string[] | 'any';
  node: boolean;
  pure: boolean;
  waits: boolean;
  specsOnly: boolean;
}

declare module '*/floors.cjs' {
  export const floors: Floor[];
}

declare module '*/floors-table.cjs' {
  export const PAGE: string;
  export function withTable(page: string): string;
}

declare module '*/eslint.config.cjs' {
  import type { Linter } from 'eslint';
  const config: Linter.Config[];
  export = config;
}

declare module '*/welcome.cjs' {
  interface Shown {
    urls: { api: string; bank_simulator: string };
    keys: { merchant: { api_key: string } };
    tokens: { ok: string };
  }
  export function firstPayment(run: Shown): string;
  export function congestion(run: Shown): string;
}
