/** GET /health/live and /health/ready. */
import { Controller, Get, Header, Res } from '@nestjs/common';
import type { HealthResponse } from '#contracts';
import type { HttpReply } from '../http/exchange';
import { Readiness } from './readiness';

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('health/live')
  @Header('Cache-Control', 'no-store')
  live(): HealthResponse {
    return { status: 'ok', parts: {} };
  }

  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: HttpReply): Promise<HealthResponse> {
    const health = await this.readiness.check();
    reply.code(health.status === 'ok' ? 200 : 503);
    return health;
  }
}
