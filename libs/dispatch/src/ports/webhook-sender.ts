/** Carries one webhook to its receiver. Implemented by the worker's process. */
import type { WebhookAnswer } from '#policy';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From looking the name up to the answer's status, ms. */
  readonly timeoutMs: number;
}

export interface WebhookSender {
  /** Never throws, and follows no redirect. */
  send(request: WebhookRequest): Promise<WebhookAnswer>;
}
