/**
 * What a planted bug is: a change to the built product that a careless hand could have made, and the few payments under which it does its
 * harm. The audit must name it; without the change the same payments must pass.
 */
import type { CreatePaymentRequest } from '#client';
import type { InvariantId } from '#audit';
import type { SinkMode } from '../../webhook-sink/sink-modes';

/** Text of one built file that is replaced by other text; it must be there exactly once. */
export interface Patch {
  /** From the root of a build: `dist/libs/…/x.js`, or a migration's `libs/…/x.sql`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Payments that are alike. */
export interface Orders {
  readonly times: number;
  readonly token: string;
  readonly body?: Partial<CreatePaymentRequest>;
  /** Until when, s from its order on. */
  readonly expiresInS?: number;
  /** The same request once more, after the answer. */
  readonly repeats?: boolean;
  /** Another body under the same key, after the answer. */
  readonly asksOtherwise?: boolean;
  /** Half of it goes back once it is paid. */
  readonly returnsHalf?: boolean;
}

export interface Scene {
  readonly orders: readonly Orders[];
  /** Settings of channels of the simulated banks, by pattern. */
  readonly bank?: { readonly channel: string; readonly settings: Readonly<Record<string, unknown>> };
  /** A narrow contract for one channel, which no scene without it may use. */
  readonly contract?: {
    readonly channel: string;
    readonly ratePerSecond: number;
    readonly burst: number;
    readonly inFlightMax: number;
  };
  readonly receiver?: SinkMode;
  readonly env?: Readonly<Record<string, string>>;
  /** Done while the orders come, or after them. */
  readonly deed?: 'kill_orchestrator' | 'propose_settlement';
  /** How long payments under way are waited for, s. */
  readonly waitS?: number;
  /** How much longer is waited in any case, for what is planned for later, s. */
  readonly holdS?: number;
}

export interface PlantedBug {
  /** For `--only`. */
  readonly name: string;
  /** What the careless hand did, as one would say it. */
  readonly what: string;
  readonly caughtBy: InvariantId;
  readonly rule: string;
  readonly patches: readonly Patch[];
  readonly scene: Scene;
}

/** Orders with a magic card of one bank. */
export function orders(fate: string, times: number, more: Omit<Orders, 'token' | 'times'> = {}): Orders {
  return { token: `tok_icbc_quickpay_${fate}`, times, ...more };
}

/** A patch of an app's built file: `worker/src/main.js`. */
export function inApp(file: string, find: string, replace: string): Patch {
  return { file: `dist/apps/${file}`, find, replace };
}

/** A patch of a lib's built file: `dispatch/src/sweep.js`. */
export function inLib(file: string, find: string, replace: string): Patch {
  return { file: `dist/libs/${file}`, find, replace };
}
