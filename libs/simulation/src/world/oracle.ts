// What could a router do that knows everything? It knows every bank's capacity at every moment, every payer who will come, who follows a
// suggestion and how soon; it asks at once and is never late. So no real one can do better: the bound is a flow of payers into seconds of
// capacity, each payer only where and when that payer would pay, and its value is found exactly (Dinic, 1970).
import { capacityFacts } from '../bank-capacity-state';
import type { DemandBin } from './census';
import { MOVES_MAX } from './crowd';
import type { PlayResult } from './play';

/** Beyond so many ways for payers, seconds are put together: the bound rises a little, and is found in seconds instead of minutes. */
const EDGES_MAX = 120_000;

/**
 * Payers who could have paid on time at most: of those that are counted, and before the scenario's end. Its clean slate at the beginning is
 * the one thing that a real router, with a queue of before, has not.
 *
 * The bank's speed is the truth, but a payment's work is drawn: the capacity is counted in payments as large as those that the bank really
 * served in this run, or chance could carry a run past the bound.
 */
export function oracleOnTime(result: PlayResult): number {
  const { scenario, census, capacityUntilS, banks } = result;
  const { payers, countFromS } = scenario;
  const seconds = Math.floor(scenario.seconds);
  const bins = [...census.demand.values()].filter(({ atS }) => atS >= countFromS);
  const windowS = (bin: DemandBin): number => (bin.wouldGo.length + 1) * (2 + bin.triesForMs / 1_000);
  const edges = bins.reduce((sum, bin) => sum + windowS(bin), 0);
  const stepS = Math.ceil(edges / EDGES_MAX);
  const cells = Math.ceil(seconds / stepS);
  const cell = (channel: number, atS: number): number => 2 + bins.length + channel * cells + Math.floor(atS / stepS);
  const graph = new FlowGraph(2 + bins.length + banks.length * cells);
  bins.forEach((bin, i) => {
    graph.edge(0, 2 + i, bin.count);
    const open = (channel: number, fromS: number, untilMs: number): void => {
      const last = cell(channel, Math.min(seconds - 1, Math.floor(bin.atS + 1 + untilMs / 1_000)));
      for (let to = cell(channel, bin.atS + fromS); to <= last; to += 1) graph.edge(2 + i, to, bin.count);
    };
    open(bin.home, 0, bin.triesForMs);
    for (const other of bin.wouldGo) {
      const soonestS = Math.floor(payers.answerMs[0] / 1_000);
      open(other, soonestS, bin.triesForMs + MOVES_MAX * (payers.answerMs[1] + payers.patienceMs));
    }
  });
  capacityUntilS.forEach((until, channel) => {
    const factor = workFactor(result, channel);
    const contract = scenario.channels[channel]?.limits.ratePerSecond ?? Infinity;
    for (let second = 0; second < seconds; second += 1) {
      const capacity = ((until[second + 1] ?? 0) - (until[second] ?? 0)) * factor;
      graph.edge(cell(channel, second), 1, Math.min(capacity, contract));
    }
  });
  return graph.maxFlow(0, 1);
}

/** Payments per mean payment: above 1 where those that came happened to be small. Not known where the mean or a hidden rate shaped the run. */
function workFactor({ banks, scenario }: PlayResult, channel: number): number {
  const line = banks[channel];
  const start = scenario.channels[channel]?.bank;
  if (line === undefined || start === undefined) return 1;
  const { served, workedSlotMs } = capacityFacts(line.bank);
  const sameMean = line.bank.config.service.meanMs === start.service.meanMs;
  if (start.rateCap !== null || !sameMean || workedSlotMs === 0) return 1;
  return (served * start.service.meanMs) / workedSlotMs;
}

/** A network of pipes. Node 0 is the spring, node 1 the sea. */
class FlowGraph {
  private readonly first: Int32Array;
  private readonly next: number[] = [];
  private readonly to: number[] = [];
  private readonly left: number[] = [];

  constructor(private readonly nodes: number) {
    this.first = new Int32Array(nodes).fill(-1);
  }

  edge(from: number, to: number, capacity: number): void {
    this.half(from, to, capacity);
    this.half(to, from, 0);
  }

  /** Dinic: shortest ways first, until none is left. Capacities below a millionth of a payment are nothing. */
  maxFlow(from: number, to: number): number {
    let flow = 0;
    const level = new Int32Array(this.nodes);
    for (;;) {
      this.levels(from, level);
      if ((level[to] as number) < 0) return flow;
      const turn = Int32Array.from(this.first);
      for (let pushed = this.push(from, to, Infinity, level, turn); pushed > 0;) {
        flow += pushed;
        pushed = this.push(from, to, Infinity, level, turn);
      }
    }
  }

  private half(from: number, to: number, capacity: number): void {
    this.next.push(this.first[from] as number);
    this.to.push(to);
    this.left.push(capacity);
    this.first[from] = this.to.length - 1;
  }

  private levels(from: number, level: Int32Array): void {
    level.fill(-1);
    level[from] = 0;
    const line = [from];
    for (let i = 0; i < line.length; i += 1) {
      const node = line[i] as number;
      for (let e = this.first[node] as number; e >= 0; e = this.next[e] as number) {
        const other = this.to[e] as number;
        if ((this.left[e] as number) > 1e-6 && (level[other] as number) < 0) {
          level[other] = (level[node] as number) + 1;
          line.push(other);
        }
      }
    }
  }

  /** As deep as a way is long: four in a fresh network, and seldom more than a dozen. */
  private push(node: number, to: number, amount: number, level: Int32Array, turn: Int32Array): number {
    if (node === to) return amount;
    for (; (turn[node] as number) >= 0; turn[node] = this.next[turn[node] as number] as number) {
      const e = turn[node] as number;
      const other = this.to[e] as number;
      if ((this.left[e] as number) <= 1e-6 || level[other] !== (level[node] as number) + 1) continue;
      const pushed = this.push(other, to, Math.min(amount, this.left[e] as number), level, turn);
      if (pushed > 0) {
        this.left[e] = (this.left[e] as number) - pushed;
        this.left[e ^ 1] = (this.left[e ^ 1] as number) + pushed;
        return pushed;
      }
    }
    return 0;
  }
}
