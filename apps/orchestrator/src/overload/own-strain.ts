/**
 * How strained is this process? Its event loop's lateness, its heap, its resident memory, since the last look.
 *
 * Lateness is the mean of Node's own samples (every 10 ms, `monitorEventLoopDelay`), so that one pause of the garbage collector is not
 * taken for strain, and the lateness of the look itself, for a loop that is blocked takes no samples. The histogram is never reset
 * between looks: the first sample after a reset is lost, and with it the very block that was to be seen.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { type Strain, SHED_TICK_MS } from '#policy';

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

export class OwnStrain {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private samples = 0;
  private sumMs = 0;
  /** Null before the first look: what starting took is nobody's delay. */
  private lookedMs: number | null = null;
  private readonly memoryMax = memoryGranted();

  constructor(private readonly monotonicMs: () => number) {
    this.histogram.enable();
  }

  /** To be called every SHED_TICK_MS. */
  look(): Strain {
    const nowMs = this.monotonicMs();
    const isFirst = this.lookedMs === null;
    const lateMs = Math.max(0, nowMs - (this.lookedMs ?? nowMs) - SHED_TICK_MS);
    const meanMs = this.meanDelayMs();
    this.lookedMs = nowMs;
    const { heap_size_limit: heapMax, used_heap_size: heapUsed } = getHeapStatistics();
    return {
      loopDelayMs: isFirst ? 0 : Math.max(meanMs, lateMs),
      heapShare: heapUsed / heapMax,
      residentShare: this.memoryMax === null ? 0 : process.memoryUsage.rss() / this.memoryMax,
    };
  }

  close(): void {
    this.histogram.disable();
  }

  private meanDelayMs(): number {
    const { count, mean } = this.histogram;
    const sumMs = count === 0 ? 0 : (mean / NS_PER_MS) * count;
    const taken = count - this.samples;
    const meanMs = taken > 0 ? (sumMs - this.sumMs) / taken - RESOLUTION_MS : 0;
    this.samples = count;
    this.sumMs = sumMs;
    return Math.max(0, meanMs);
  }
}

/** What a container grants; `null` where it is the whole machine, whose memory is not ours alone to judge. */
function memoryGranted(): number | null {
  const granted = process.constrainedMemory();
  return granted > 0 && granted < totalmem() ? granted : null;
}
