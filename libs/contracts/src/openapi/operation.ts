/** What one operation of the API is: its words, parameters, answers, and every error it may give. */
import type { ErrorCode } from '#domain';
import type { Shape } from '../input/field-decorators';

/** A header, query or path parameter. */
export interface ParameterDescription {
  readonly name: string;
  readonly in: 'header' | 'query' | 'path';
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required?: boolean;
  readonly example?: string | number;
}

export interface AnswerDescription {
  readonly status: number;
  readonly description: string;
  /** Media type; `application/json` unless said otherwise. */
  readonly as?: string;
  /** A request or response class; left out: text. */
  readonly body?: Shape;
  readonly examples?: Readonly<Record<string, unknown>>;
  /** Name → meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OperationDescription {
  /** Name of the function in the typed client. */
  readonly id: string;
  readonly tag: 'payments' | 'channels' | 'webhooks' | 'notifications' | 'operators' | 'service';
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/payments/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Whose key it asks for; `none`: anybody may ask. */
  readonly key: 'merchant' | 'operator' | 'any' | 'none';
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  readonly answers: readonly AnswerDescription[];
  readonly errors: readonly ErrorCode[];
}

export interface BodyDescription {
  /** Left out: any bytes. */
  readonly body?: Shape;
  readonly as: string;
  readonly examples: Readonly<Record<string, unknown>>;
}
