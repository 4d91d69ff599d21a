/** May this process be sent traffic? PostgreSQL is needed; Redis is reported, since payments go on without it. */
import type { HealthResponse } from '#contracts';

export class Readiness {
  private draining = false;

  /**
   * @param postgres throws a sentence where PostgreSQL does not answer
   * @param redis answers now, as far as is known
   */
  constructor(
    private readonly postgres: () => Promise<void>,
    private readonly redis: () => boolean,
  ) {}

  /** From now on no new traffic, please. */
  drain(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  async check(): Promise<HealthResponse> {
    const redis = this.redis() ? 'ok' : 'not answering: payments go on from the journal';
    try {
      await this.postgres();
      return { status: this.draining ? 'draining' : 'ok', parts: { postgres: 'ok', redis } };
    } catch (error) {
      const postgres = error instanceof Error ? error.message : String(error);
      return { status: this.draining ? 'draining' : 'unavailable', parts: { postgres, redis } };
    }
  }
}
