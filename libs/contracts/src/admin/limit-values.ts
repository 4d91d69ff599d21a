/** The numbers of a channel's limits, as operators write and read them. */
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { AMOUNT_MAX, AMOUNT_MIN, type ChannelContract, type LimitValues, isAmount } from '#domain';
import { Is, Optional, Required } from '../input/field-decorators';
import { isWholeNumber } from '../input/values';

/** Smallest and largest of each, as PostgreSQL holds them. Nothing is stopped by a zero: that is what orders are for. */
const BOUNDS = {
  rate_per_second: [1, 1_000_000],
  burst: [1, 1_000_000],
  in_flight_max: [1, 100_000],
  longest_wait_ms: [0, 3_600_000],
  timeout_ms: [100, 120_000],
  amount_min: [AMOUNT_MIN, AMOUNT_MAX],
  amount_max: [AMOUNT_MIN, AMOUNT_MAX],
} as const satisfies Record<string, readonly [number, number]>;

type Member = keyof typeof BOUNDS;

const WORDS: Readonly<Record<Member, { readonly description: string; readonly example: number }>> = {
  rate_per_second: { description: 'Payments in any second, as the bank counts them.', example: 800 },
  burst: { description: 'Requests that may arrive at once above the rate.', example: 80 },
  in_flight_max: {
    description: 'Most requests at the bank at one time, over all workers: the ceiling of the adaptive limit.',
    example: 200,
  },
  longest_wait_ms: { description: 'Longest wait in our queue that is worth offering, ms.', example: 2_000 },
  timeout_ms: { description: 'Deadline of one call to the bank, ms; after it the outcome is unknown.', example: 5_000 },
  amount_min: { description: 'Smallest amount of one payment, minor units.', example: 1 },
  amount_max: { description: 'Largest amount of one payment, minor units.', example: 5_000_000 },
};

function schema(member: Member): ApiPropertyOptions {
  const [minimum, maximum] = BOUNDS[member];
  return { type: 'integer', format: 'int64', minimum, maximum, ...WORDS[member] };
}

const fits = (member: Member) => isWholeNumber(BOUNDS[member][0], BOUNDS[member][1]);

/** All of them: what PUT takes. */
export class LimitValuesRequest {
  @Required()
  @Is('rate_per_second', fits('rate_per_second'))
  @ApiProperty(schema('rate_per_second'))
  rate_per_second: number;

  @Required()
  @Is('burst', fits('burst'))
  @ApiProperty(schema('burst'))
  burst: number;

  @Required()
  @Is('in_flight_max', fits('in_flight_max'))
  @ApiProperty(schema('in_flight_max'))
  in_flight_max: number;

  @Required()
  @Is('longest_wait_ms', fits('longest_wait_ms'))
  @ApiProperty(schema('longest_wait_ms'))
  longest_wait_ms: number;

  @Required()
  @Is('timeout_ms', fits('timeout_ms'))
  @ApiProperty(schema('timeout_ms'))
  timeout_ms: number;

  @Required()
  @Is('amount_value', isAmount)
  @ApiProperty(schema('amount_min'))
  amount_min: number;

  @Required()
  @Is('amount_value', isAmount)
  @ApiProperty(schema('amount_max'))
  amount_max: number;
}

/** Some of them: what PATCH takes. The others stay as they are. */
export class SomeLimitValuesRequest {
  @Optional()
  @Is('rate_per_second', fits('rate_per_second'))
  @ApiPropertyOptional(schema('rate_per_second'))
  rate_per_second?: number | null;

  @Optional()
  @Is('burst', fits('burst'))
  @ApiPropertyOptional(schema('burst'))
  burst?: number | null;

  @Optional()
  @Is('in_flight_max', fits('in_flight_max'))
  @ApiPropertyOptional(schema('in_flight_max'))
  in_flight_max?: number | null;

  @Optional()
  @Is('longest_wait_ms', fits('longest_wait_ms'))
  @ApiPropertyOptional(schema('longest_wait_ms'))
  longest_wait_ms?: number | null;

  @Optional()
  @Is('timeout_ms', fits('timeout_ms'))
  @ApiPropertyOptional(schema('timeout_ms'))
  timeout_ms?: number | null;

  @Optional()
  @Is('amount_value', isAmount)
  @ApiPropertyOptional(schema('amount_min'))
  amount_min?: number | null;

  @Optional()
  @Is('amount_value', isAmount)
  @ApiPropertyOptional(schema('amount_max'))
  amount_max?: number | null;
}

export class LimitValuesResponse {
  @ApiProperty(schema('rate_per_second'))
  rate_per_second: number;

  @ApiProperty(schema('burst'))
  burst: number;

  @ApiProperty(schema('in_flight_max'))
  in_flight_max: number;

  @ApiProperty(schema('longest_wait_ms'))
  longest_wait_ms: number;

  @ApiProperty(schema('timeout_ms'))
  timeout_ms: number;

  @ApiProperty(schema('amount_min'))
  amount_min: number;

  @ApiProperty(schema('amount_max'))
  amount_max: number;
}

export class ContractResponse {
  @ApiProperty(schema('rate_per_second'))
  rate_per_second: number;

  @ApiProperty(schema('burst'))
  burst: number;

  @ApiProperty(schema('in_flight_max'))
  in_flight_max: number;

  @ApiProperty(schema('amount_min'))
  amount_min: number;

  @ApiProperty(schema('amount_max'))
  amount_max: number;
}

/** By what name the API calls each member. */
export const LIMIT_NAMES = {
  ratePerSecond: 'rate_per_second',
  burst: 'burst',
  inFlightMax: 'in_flight_max',
  longestWaitMs: 'longest_wait_ms',
  timeoutMs: 'timeout_ms',
  amountMin: 'amount_min',
  amountMax: 'amount_max',
} as const satisfies Record<keyof LimitValues, Member>;

const MEMBERS = Object.keys(LIMIT_NAMES) as (keyof LimitValues)[];

/** The members that a request gives. `null` is as good as left out. */
export function limitValuesOf(request: SomeLimitValuesRequest): Partial<LimitValues> {
  return Object.fromEntries(
    MEMBERS.flatMap((member) => {
      const value = request[LIMIT_NAMES[member]];
      return value === null || value === undefined ? [] : [[member, value]];
    }),
  );
}

export function renderLimitValues(values: LimitValues): LimitValuesResponse {
  return {
    ...renderContract(values),
    longest_wait_ms: values.longestWaitMs,
    timeout_ms: values.timeoutMs,
  };
}

/** Only those that a change sets. */
export function renderSomeLimits(values: Partial<LimitValues>): Partial<LimitValuesResponse> {
  return Object.fromEntries(
    MEMBERS.flatMap((member) => (values[member] === undefined ? [] : [[LIMIT_NAMES[member], values[member]]])),
  );
}

export function renderContract({
  amountMax,
  amountMin,
  burst,
  inFlightMax,
  ratePerSecond,
}: ChannelContract): ContractResponse {
  return {
    rate_per_second: ratePerSecond,
    burst,
    in_flight_max: inFlightMax,
    amount_min: amountMin,
    amount_max: amountMax,
  };
}
