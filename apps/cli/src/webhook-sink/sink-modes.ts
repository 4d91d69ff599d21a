/** How the sink treats a delivery: the ways in which merchants' receivers are in trouble, and the one in which they are not. */

export const SINK_MODES = ['ok', 'down', 'slow', 'redirect', 'error', 'gone', 'flaky'] as const;
export type SinkMode = (typeof SINK_MODES)[number];

/** What becomes of one delivery. `reset`: the connection is torn down without an answer. */
export type SinkAnswer =
  { readonly kind: 'reset' } | { readonly kind: 'status'; readonly status: number; readonly afterMs: number };

/** Half: both what follows a success and what follows a failure are then seen often. */
const FLAKY_SHARE = 0.5;

/**
 * @param random from 0 to 1, from the sink's seed
 * @param slowMs how long `slow` keeps a delivery waiting
 */
export function answerOf(mode: SinkMode, random: number, slowMs: number): SinkAnswer {
  const status = (code: number, afterMs = 0): SinkAnswer => ({ kind: 'status', status: code, afterMs });
  switch (mode) {
    case 'ok':
      return status(200);
    case 'down':
      return { kind: 'reset' };
    case 'slow':
      return status(200, slowMs);
    case 'redirect':
      return status(307);
    case 'error':
      return status(500);
    case 'gone':
      return status(410);
    case 'flaky':
      return status(random < FLAKY_SHARE ? 503 : 200);
  }
}

/** The first step of a path may choose the mode (`/slow/shop-7`); otherwise it is the sink's own. */
export function modeOf(path: string, otherwise: SinkMode): SinkMode {
  const first = path.split(/[/?]/)[1];
  return SINK_MODES.find((mode) => mode === first) ?? otherwise;
}
