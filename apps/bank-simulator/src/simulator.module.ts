/** Wires the process: one simulator, its control API, its health, and an orderly end. */
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Simulator } from './bank/simulator';
import { ControlController } from './control/control.controller';
import { TimelinePlayer } from './control/timeline';
import { HealthController } from './http/health.controller';

/** Payments inside the banks get this long to come out at a stop, ms; the rest is reset and was not booked. */
const DRAIN_MS = 1_000;

@Injectable()
class SimulatorLifecycle implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(private readonly simulator: Simulator) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.simulator.draining = true;
    // Looked at every 10 ms: a stop may not take longer than the last answer.
    const untilMs = Date.now() + DRAIN_MS;
    while (this.simulator.crowd > 0 && Date.now() < untilMs) await pause(10);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.simulator.close();
  }
}

@Module({})
export class SimulatorModule {
  static over(simulator: Simulator): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [ControlController, HealthController],
      providers: [
        { provide: Simulator, useValue: simulator },
        { provide: TimelinePlayer, useValue: new TimelinePlayer(simulator.agenda, simulator.channels) },
        SimulatorLifecycle,
      ],
    };
  }
}
