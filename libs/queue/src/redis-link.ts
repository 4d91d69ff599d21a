/**
 * One connection to Redis that fails fast and tells the truth about itself. Redis is a hint (payments are in PostgreSQL), so nobody may
 * wait for it: down, a command fails at once; frozen, it is given up after 200 ms, and from then on commands fail at once until a
 * heartbeat is answered. That also bounds memory: nothing piles up inside the driver while Redis is silent.
 */
import { Redis } from 'ioredis';

/** A command is given up after this, ms: the part of a payment's patience that design.md gives to the queue. */
export const ANSWER_TIMEOUT_MS = 200;
/** Between heartbeats, ms. With the time-out above, a frozen Redis is noticed within 600 ms, also by a process without traffic. */
const HEARTBEAT_MS = 400;
/** A socket that owes us an answer for this long is replaced, ms: five missed answers, shorter than any restart. */
const SOCKET_TIMEOUT_MS = 1_000;
/** Longest pause between attempts to connect, ms. Attempts are cheap, and payments travel the slow road meanwhile. */
const RECONNECT_MAX_MS = 1_000;

/** Redis was asked and did not answer in time. The command may still be carried out. */
export class RedisSilent extends Error {
  constructor(timeoutMs: number) {
    super(
      `Redis did not answer within ${timeoutMs} ms; the command may still take effect. Payments continue without it.`,
    );
    this.name = 'RedisSilent';
  }
}

export class RedisLink {
  readonly redis: Redis;
  private silent = false;
  private beating = false;
  private readonly heartbeat: NodeJS.Timeout;

  /** Connects at once and for ever. @param url `redis://…`; @param name shown by `CLIENT LIST` */
  constructor(url: string, name: string) {
    this.redis = new Redis(url, {
      connectionName: name,
      enableOfflineQueue: false,
      // A command cut off by a lost connection fails at that moment. Repeated, a `take` would hand out jobs that nobody receives; with
      // 1 instead of 0, or autoResendUnfulfilledCommands off, ioredis 6.0.0 leaves it pending for ever once it has reconnected.
      maxRetriesPerRequest: 0,
      socketTimeout: SOCKET_TIMEOUT_MS,
      connectTimeout: SOCKET_TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MAX_MS),
    });
    // Every failed attempt to connect is an event; whether Redis answers is asked through `available`.
    this.redis.on('error', () => {});
    this.redis.on('ready', () => (this.silent = false));
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** Whether Redis answers now, as far as the last 600 ms tell. */
  available(): boolean {
    return this.redis.status === 'ready' && !this.silent;
  }

  /** The command's answer. @throws RedisSilent after `timeoutMs`; whatever the command throws */
  ask<T>(command: Promise<T>, timeoutMs = ANSWER_TIMEOUT_MS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let answered = false;
      const giveUp = (): void => {
        if (answered) return;
        this.silent = true;
        // Whatever is answered first, this command or a ping behind it, ends the silence: a hiccup costs no more than it lasts.
        this.beat();
        reject(new RedisSilent(timeoutMs));
      };
      // When the timer fires after a pause of our own process, the answer may lie unread in the socket: read it first.
      const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
      command.then(
        (value) => {
          answered = true;
          this.silent = false;
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          answered = true;
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.redis.disconnect();
  }

  /** One ping at a time; a late answer counts too, it is how a frozen Redis comes back. */
  private beat(): void {
    if (this.beating || this.redis.status !== 'ready') return;
    this.beating = true;
    const ping = this.redis.ping();
    ping.then(
      () => {
        this.silent = false;
        this.beating = false;
      },
      () => (this.beating = false),
    );
    this.ask(ping).catch(() => {});
  }
}
