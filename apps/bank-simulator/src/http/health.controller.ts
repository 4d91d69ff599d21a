/** Is the process alive, and does it take payments? */
import { Controller, Get } from '@nestjs/common';
import { Simulator } from '../bank/simulator';
import { problem, ProblemException } from './problem';

@Controller('health')
export class HealthController {
  constructor(private readonly simulator: Simulator) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(): { status: 'ok'; channels: number } {
    if (this.simulator.draining) throw new ProblemException(problem(503, 'draining', 'the simulator is stopping'));
    return { status: 'ok', channels: this.simulator.channels.size };
  }
}
