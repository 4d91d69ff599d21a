/**
 * All simulated banks in one process: builds the channels over one ledger, brings back what a crash interrupted, and
 * is what the HTTP side, the control API and tests talk to.
 */
import { BANK_PRESETS, type BankPreset } from '#simulation';
import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Agenda } from '../agenda';
import { DataFolderLock } from '../books/data-folder-lock';
import { Ledger } from '../books/ledger';
import { Receipts } from '../books/receipts';
import { Channel, type World } from './channel';
import { defaultSettings } from './channel-settings';
import { Notifier } from './notifier';
import { resumeOrders } from './orders';
import { served } from './pay';
import { resumeRefunds } from './undo';

export interface SimulatorOptions {
  /** Shared HMAC secret, at least 16 characters. */
  readonly secret: string;
  /** Folder of the ledger; made if missing; one simulator at a time. */
  readonly dataFolder: string;
  /** Chance of service times and error mixes; same seed, same draws. */
  readonly seed: number;
}

export class Simulator {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly agenda: Agenda;
  readonly notifier: Notifier;
  readonly startedMs = Date.now();
  /** Where payers reach the bank pages; set once the port is known. */
  publicUrl = '';
  /** Set when the process is asked to stop: no longer ready. */
  draining = false;

  private constructor(
    private readonly options: SimulatorOptions,
    private readonly lock: DataFolderLock,
    readonly ledger: Ledger,
    readonly receipts: Receipts,
  ) {
    const nowMs = (): number => performance.now();
    this.agenda = new Agenda(nowMs);
    this.notifier = new Notifier(options.secret, this.agenda, Date.now);
    const world: World = {
      wallMs: Date.now,
      nowMs,
      agenda: this.agenda,
      ledger,
      notifier: this.notifier,
      seed: options.seed,
      actionUrl: (channel, reference) =>
        `${this.publicUrl}/bank-page/${channel}/${reference}/${this.pageToken(channel, reference)}`,
    };
    this.channels = new Map(BANK_PRESETS.map(({ channel }) => [channel, new Channel(channel, world, served)]));
  }

  /** Opens the books and takes up what was promised before. @throws if the folder is in use or its ledger is damaged. */
  static async open(options: SimulatorOptions): Promise<Simulator> {
    mkdirSync(options.dataFolder, { recursive: true });
    const lock = DataFolderLock.take(options.dataFolder);
    const ledger = await Ledger.open(options.dataFolder);
    const simulator = new Simulator(options, lock, ledger, new Receipts(options.dataFolder));
    for (const channel of simulator.channels.values()) {
      resumeOrders(channel);
      resumeRefunds(channel);
    }
    return simulator;
  }

  get secret(): string {
    return this.options.secret;
  }

  preset(channel: string): BankPreset {
    return BANK_PRESETS.find((preset) => preset.channel === channel) as BankPreset;
  }

  /** What makes the address of a bank page unguessable; derived, so that it is the same after a restart. */
  pageToken(channel: string, reference: string): string {
    return createHmac('sha256', this.options.secret)
      .update(`page\n${channel}\n${reference}`)
      .digest('hex')
      .slice(0, 32);
  }

  /** Every channel as at the start. With `books`, the ledger too: the old files are kept beside the new ones. */
  reset(books: boolean): string | null {
    for (const channel of this.channels.values()) channel.configure(defaultSettings(channel.id));
    if (!books) return null;
    const nowMs = Date.now();
    const kept = this.ledger.startAfresh(nowMs);
    this.receipts.startAfresh(nowMs);
    for (const channel of this.channels.values()) channel.forget();
    return kept;
  }

  /** Payments inside the banks, not answered yet. */
  get crowd(): number {
    let crowd = 0;
    for (const channel of this.channels.values()) crowd += channel.desk.crowd;
    return crowd;
  }

  async close(): Promise<void> {
    this.agenda.close();
    for (const channel of this.channels.values()) channel.desk.close();
    await this.notifier.close();
    this.ledger.close();
    this.receipts.close();
    this.lock.release();
  }
}
