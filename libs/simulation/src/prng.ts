// Where does chance come from when a run must be repeatable? From here: xoshiro128** over four 32-bit
// words (Blackman and Vigna, 2018), seeded through splitmix32 so that neighbouring seeds share nothing.
// The state is four integers, so a trace can store it and go on from it. Streams are split by label:
// the arrivals of one bank do not shift when another bank draws once more.

// Bound once: in a jest sandbox every look at a global costs more than a whole draw.
const { floor, imul, trunc } = Math;

/** A source of chance: each call gives a number in [0, 1). */
export type Random = () => number;

/** The whole state of a generator: four unsigned 32-bit integers, never all zero. */
export interface GeneratorState {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** Mixes one 32-bit word (the finaliser of splitmix32); every input bit reaches every output bit. */
function mix32(word: number): number {
  let z = word | 0;
  z = imul(z ^ (z >>> 16), 0x21f0aaad);
  z = imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A generator at the start of the stream that belongs to `seed` (any finite number; its low 53 bits count). */
export function createGenerator(seed: number): GeneratorState {
  const whole = trunc(seed);
  const low = whole >>> 0;
  const high = floor(whole / 0x1_0000_0000) >>> 0;
  let word = mix32(low ^ mix32(high));
  const next = (): number => {
    word = (word + 0x9e3779b9) >>> 0;
    return mix32(word);
  };
  const state = { a: next(), b: next(), c: next(), d: next() };
  if ((state.a | state.b | state.c | state.d) === 0) state.a = 1; // the one state xoshiro never leaves
  return state;
}

/** Draws a number in [0, 1) with 32 bits of resolution (six standard deviations of a normal) and steps the state. */
export function nextUnit(state: GeneratorState): number {
  const spread = imul(state.b, 5);
  const result = imul((spread << 7) | (spread >>> 25), 9) >>> 0;
  const shifted = state.b << 9;
  state.c ^= state.a;
  state.d ^= state.b;
  state.b ^= state.c;
  state.a ^= state.d;
  state.c ^= shifted;
  state.d = (state.d << 11) | (state.d >>> 21);
  return result / 0x1_0000_0000;
}

/** The seed of a sub-stream: same seed and label, same stream; other label, unrelated stream. */
export function splitSeed(seed: number, label: string): number {
  let hash = mix32((trunc(seed) >>> 0) ^ mix32(floor(trunc(seed) / 0x1_0000_0000) >>> 0));
  for (let i = 0; i < label.length; i += 1) hash = mix32(hash ^ (label.charCodeAt(i) + 0x9e3779b9 * (i + 1)));
  return hash;
}

/** A source of chance for one stream of one seed, for instance `seededRandom(7, 'icbc.quickpay')`. */
export function seededRandom(seed: number, label = ''): Random {
  const state = createGenerator(label === '' ? seed : splitSeed(seed, label));
  return () => nextUnit(state);
}
