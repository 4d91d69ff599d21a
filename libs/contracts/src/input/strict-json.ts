/**
 * JSON as a payment may be written: an object, not deep, few keys, no key twice, no key that means something to JavaScript, and only
 * whole numbers that survive as they were written. Everything else is refused, never repaired: two readers of a repaired body
 * may understand two payments.
 *
 * Repeats cost nothing to find: valid JSON has one colon per key as written, so fewer keys in the tree than colons in the text
 * means that one was written twice (escapes included, since the tree holds the keys as meant).
 */
import { findOddNumber } from './odd-number';
import { type JsonScan, scanJson } from './json-scan';
import { pointerStep } from './pointer';

/** A payment with every field has 20 keys; the rest is room for metadata. */
export const KEYS_MAX = 64;
/** Ours are three deep. */
export const DEPTH_MAX = 8;

export type JsonFault =
  | 'not_utf8'
  | 'byte_order_mark'
  | 'syntax'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_keys'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'broken_text';

export type StrictJson =
  | { readonly kind: 'read'; readonly value: Readonly<Record<string, unknown>>; readonly scan: JsonScan }
  /** Not the JSON we accept. */
  | { readonly kind: 'malformed'; readonly fault: JsonFault; readonly pointer: string }
  /** JSON, but a number would not arrive as it was written. */
  | { readonly kind: 'odd_number'; readonly pointer: string };

/** Keys that reach an object's prototype in careless code. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const LONE_SURROGATE = /\p{Surrogate}/u;

/** @param text the decoded body; never throws */
export function readStrictJson(text: string): StrictJson {
  if (text.charCodeAt(0) === 0xfeff) return malformed('byte_order_mark');
  const scan = scanJson(text);
  if (scan.depth > DEPTH_MAX) return malformed('too_deep');
  if (scan.keysWritten > KEYS_MAX) return malformed('too_many_keys');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's message quotes the body, which may hold what we must not repeat.
    return malformed('syntax');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not_an_object');
  const walk: Walk = { keys: 0, fault: null };
  inspect(value, '', scan.escapes, walk);
  if (walk.fault) return walk.fault;
  if (walk.keys !== scan.keysWritten) return malformed('duplicate_key');
  if (scan.oddNumber) return { kind: 'odd_number', pointer: findOddNumber(text) ?? '' };
  return { kind: 'read', value: value as Readonly<Record<string, unknown>>, scan };
}

interface Walk {
  keys: number;
  fault: StrictJson | null;
}

/** Bounded by DEPTH_MAX, which the scan has checked. */
function inspect(value: object, pointer: string, escapes: boolean, walk: Walk): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) inspectValue(value[i], `${pointer}/${i}`, escapes, walk);
    return;
  }
  for (const key of Object.keys(value)) {
    walk.keys += 1;
    if (FORBIDDEN_KEYS.has(key)) walk.fault ??= malformed('forbidden_key', pointer);
    if (escapes && LONE_SURROGATE.test(key)) walk.fault ??= malformed('broken_text', pointer);
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === 'object' || escapes) inspectValue(inner, pointer + pointerStep(key), escapes, walk);
  }
}

function inspectValue(value: unknown, pointer: string, escapes: boolean, walk: Walk): void {
  if (typeof value === 'object' && value !== null) inspect(value, pointer, escapes, walk);
  // Decoded UTF-8 holds no lone surrogate; only an escape can write one.
  else if (escapes && typeof value === 'string' && LONE_SURROGATE.test(value)) {
    walk.fault ??= malformed('broken_text', pointer);
  }
}

function malformed(fault: JsonFault, pointer = ''): StrictJson {
  return { kind: 'malformed', fault, pointer };
}
