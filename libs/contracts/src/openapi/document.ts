/** Builds the OpenAPI 3.1 document from the operations and from the schemas that swagger makes of our classes. */
import { type ErrorCode, errorDefinition } from '#domain';
import { ProblemResponse } from '../errors/problem.response';
import { renderProblem } from '../errors/render-problem';
import type { Shape } from '../input/field-decorators';
import { ChannelsEventResponse } from '../channels/channel.response';
import { PaymentEventResponse } from '../payments/payment.response';
import { PaymentSuggestionsResponse } from '../suggestions/suggestion.response';
import { EXAMPLE_CAUSES, EXAMPLE_REQUEST_ID } from './examples';
import { DOOR_CAUSES } from './suggestion-examples';
import type { AnswerDescription, OperationDescription, ParameterDescription } from './operation';
import { OPERATIONS } from './operations';
import { WEBHOOK_MESSAGE } from './webhook-operations';

/** Version of the product whose API this is; package.json's, held equal by a spec. */
export const API_VERSION = '0.1.0';

type Json = Record<string, unknown>;

/** What every request may meet, whatever it asks for. */
const EVERYWHERE: readonly ErrorCode[] = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];

const ABOUT = `Sluice carries payment instructions to banks no faster than the banks can take them, never charges twice, and never loses
what it accepted. Post an instruction with an \`Idempotency-Key\`, then wait for its fate (\`Prefer: wait\`), follow its events, or look it
up. Amounts are integers of minor units. A bank's decline is data in the payment; an error is about the request.`;

const TAGS = [
  { name: 'payments', description: 'Ask what will work, post, wait, look up, cancel, switch, follow, refund.' },
  { name: 'channels', description: 'Which banks there are and how they are doing.' },
  { name: 'webhooks', description: 'Be told instead of asking.' },
  { name: 'notifications', description: 'For banks.' },
  { name: 'operators', description: 'For people in the command centre, with an operator’s key.' },
  { name: 'service', description: 'Health, metrics, documents.' },
];

/** What stands in the `data:` of streams, which the document can only describe in words. */
const STREAMED: readonly Shape[] = [PaymentEventResponse, PaymentSuggestionsResponse, ChannelsEventResponse];

/** All classes whose schemas the document refers to. */
export function documentedShapes(): readonly Shape[] {
  const shapes = OPERATIONS.flatMap(({ body, answers }) => [body?.body, ...answers.map((answer) => answer.body)]);
  return [
    ...new Set([ProblemResponse, ...STREAMED, ...shapes.filter((shape) => shape !== undefined)]),
  ] as readonly Shape[];
}

/**
 * @param schemas `components.schemas` as `@nestjs/swagger` prints them
 * @param version of the product
 */
export function openApiDocument(schemas: Readonly<Json>, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice', version, description: ABOUT, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths,
    webhooks: { paymentEvent: { post: webhookObject() } },
    components: {
      securitySchemes: {
        api_key: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer <api key>`' },
      },
      schemas: sorted(schemas),
    },
  };
}

function operationObject(operation: OperationDescription): Json {
  const { id, tag, summary, description, parameters, body, answers, key } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: key === 'none' ? [] : [{ api_key: [] }],
    ...(parameters ? { parameters: parameters.map(parameterObject) } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { [body.as]: { schema: schemaOf(body.body), examples: named(body.examples) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(answers.map((answer) => [answer.status, answerObject(answer)])),
      ...problems(operation),
    },
  };
}

/** What a merchant's receiver is sent, and what it should answer. */
function webhookObject(): Json {
  const { summary, description, headers, body, examples } = WEBHOOK_MESSAGE;
  return {
    operationId: 'receivePaymentEvent',
    tags: ['webhooks'],
    summary,
    description,
    parameters: Object.entries(headers).map(([name, words]) => ({
      name,
      in: 'header',
      required: true,
      description: words,
      schema: { type: 'string' },
    })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemaOf(body), examples: named(examples) } },
    },
    responses: { '2XX': { description: 'Taken. Answer first and work afterwards.' } },
  };
}

function parameterObject({ required = false, ...rest }: ParameterDescription): Json {
  return { ...rest, required };
}

function answerObject({ description, as = 'application/json', body, examples, headers }: AnswerDescription): Json {
  const content =
    body || examples ? { content: { [as]: { schema: schemaOf(body), examples: named(examples ?? {}) } } } : {};
  return { description, headers: headerObjects({ 'Request-Id': 'Id of this request.', ...headers }), ...content };
}

/** Instructions of merchants count against their quota; reads do not. */
function hasQuota({ key, method }: OperationDescription): boolean {
  return key === 'merchant' && method !== 'get';
}

/** One answer per status, with an example of every code that has it. */
function problems(operation: OperationDescription): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  const quota: readonly ErrorCode[] = hasQuota(operation) ? ['client_rate_limited'] : [];
  for (const code of new Set([...operation.errors, ...quota, ...EVERYWHERE])) {
    const { status } = errorDefinition(code);
    if (operation.answers.some((answer) => answer.status === status)) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const answers = [...byStatus].map(([status, codes]) => {
    const waits = codes.some((code) => errorDefinition(code).retry !== null);
    const examples = Object.fromEntries(codes.map((code) => [code, exampleOf(code, operation)]));
    const object: Json = {
      description: codes.map((code) => `\`${code}\`: ${errorDefinition(code).message.en}`).join('\n\n'),
      headers: headerObjects({
        'Request-Id': 'Id of this request.',
        ...(waits ? { 'Retry-After': 'Whole seconds, spread by chance.' } : {}),
      }),
      content: { 'application/problem+json': { schema: schemaOf(ProblemResponse), examples: named(examples) } },
    };
    return [String(status), object] as const;
  });
  return Object.fromEntries(answers);
}

function exampleOf(code: ErrorCode, { path, method }: OperationDescription): unknown {
  const place = { instance: path, requestId: EXAMPLE_REQUEST_ID, instructs: method === 'post', random: 0.26 };
  return renderProblem({ code, ...EXAMPLE_CAUSES[code], ...DOOR_CAUSES[code] }, place);
}

function schemaOf(shape: Shape | undefined): Json {
  return shape ? { $ref: `#/components/schemas/${shape.name}` } : { type: 'string' };
}

function named(examples: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}

function headerObjects(headers: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function sorted(object: Readonly<Json>): Json {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
