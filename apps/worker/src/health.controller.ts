/** Is the process there, can it work, and its metrics. A worker serves nothing else over HTTP. */
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TelemetryMeters } from '#telemetry';
import type { Worker } from './worker';

export const WORKER = Symbol('worker');
export const METERS = Symbol('meters');

@Controller()
export class HealthController {
  constructor(
    @Inject(WORKER) private readonly worker: Worker,
    @Inject(METERS) private readonly meters: TelemetryMeters,
  ) {}

  @Get('health/live')
  live(): { status: string } {
    return { status: 'live' };
  }

  /** PostgreSQL is needed; Redis is reported only, for payments go on without it. */
  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, string>> {
    const redis = this.worker.redis.available() ? 'ready' : 'gone: working from the journal';
    try {
      await this.worker.postgres.ready();
      return { status: 'ready', postgres: 'ready', redis };
    } catch (error) {
      void reply.status(503);
      return { status: 'not ready', postgres: error instanceof Error ? error.message : String(error), redis };
    }
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, text } = await this.meters.expose();
    await reply.header('content-type', contentType).send(text);
  }
}
