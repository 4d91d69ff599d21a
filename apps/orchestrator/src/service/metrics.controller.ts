/** GET /metrics */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { TelemetryMeters } from '#telemetry';
import type { HttpReply } from '../http/exchange';
import { METERS } from '../tokens';

@Controller()
export class MetricsController {
  constructor(@Inject(METERS) private readonly meters: TelemetryMeters) {}

  @Get('metrics')
  async expose(@Res() reply: HttpReply): Promise<void> {
    const { contentType, text } = await this.meters.expose();
    reply.header('Content-Type', contentType).send(text);
  }
}
