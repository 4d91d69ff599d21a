/** Every environment variable a process reads, with what to set. Whatever an operator changes at run time is a limit, not one of these. */
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, MinLength } from 'class-validator';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Whole numbers only; anything else is left as text, for the validator to refuse. */
const WholeNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : value,
  );
const Port = (): PropertyDecorator => (target, name) => {
  WholeNumber()(target, name);
  IsInt({ message: 'set it to a TCP port, 0 (any free one) to 65535' })(target, name);
  Min(0)(target, name);
  Max(65_535)(target, name);
};
const YesOrNo = (): PropertyDecorator => (target, name) => {
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))(
    target,
    name,
  );
  IsBoolean({ message: 'set it to true or false' })(target, name);
};
const Address = (schemes: string, example: string): PropertyDecorator =>
  Matches(new RegExp(`^(${schemes})://[^\\s]{1,2000}$`), { message: `set it to an address such as ${example}` });

/** What every process of ours reads. */
export class ProcessEnv {
  @Address('postgres|postgresql', 'postgres://user:password@127.0.0.1:5432/sluice')
  DATABASE_URL: string = undefined as unknown as string;

  @Address('redis|rediss', 'redis://127.0.0.1:6379')
  REDIS_URL: string = undefined as unknown as string;

  @IsIn(LOG_LEVELS, { message: `set it to one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  /** Which site this process belongs to: it owns that site's shards. */
  @Matches(/^[a-z][a-z0-9-]{0,15}$/, { message: 'set it to the name of this site, such as a' })
  SLUICE_SITE: string = 'a';

  /** Key of the signatures we exchange with banks. */
  @MinLength(16, { message: 'set it to the secret shared with the banks, at least 16 characters' })
  BANK_SECRET: string = undefined as unknown as string;

  /** Where payers and banks reach the API: the base of notification addresses. Not set: banks cannot tell us anything. */
  @IsOptional()
  @Address('https?', 'https://pay.example.com')
  PUBLIC_URL: string | null = null;

  /** For the sandbox: webhooks may go to http and to private addresses. Anywhere else that opens our inside to every merchant. */
  @YesOrNo()
  SLUICE_WEBHOOK_ALLOW_PRIVATE: boolean = false;

  /** For fault runs: `<step>:<n>` kills the process the n-th time that step is reached. */
  @IsOptional()
  SLUICE_CRASH_AT: string | null = null;

  /** For fault runs: `<step>:<n>` freezes the process (SIGSTOP) there, until it gets SIGCONT. */
  @IsOptional()
  SLUICE_STOP_AT: string | null = null;
}

/** The API's process. */
export class OrchestratorEnv extends ProcessEnv {
  @Port()
  PORT: number = 3_000;

  /** Loopback unless told otherwise: an API that takes payments is put on a network on purpose. */
  @Matches(/^[0-9A-Za-z.:-]{1,255}$/, { message: 'set it to an address to listen on, such as 127.0.0.1 or 0.0.0.0' })
  HOST: string = '127.0.0.1';

  /**
   * Instructions (everything but reads) that one API key may send a second to one process of the API; more is answered 429. The default is
   * twice what a process accepts: set it lower where merchants share it.
   */
  @WholeNumber()
  @IsInt({ message: 'set it to a whole number of requests a second' })
  @Min(1, { message: 'set it to at least 1' })
  @Max(1_000_000, { message: 'set it to at most 1000000' })
  SLUICE_CLIENT_PER_SECOND: number = 10_000;
}

/** The worker's process; its port serves health and metrics only. */
export class WorkerEnv extends ProcessEnv {
  @Port()
  WORKER_PORT: number = 3_001;

  @Matches(/^[0-9A-Za-z.:-]{1,255}$/, { message: 'set it to an address to listen on, such as 127.0.0.1 or 0.0.0.0' })
  HOST: string = '127.0.0.1';

  /** A file: where this worker is the controller, each step of it is recorded there, for replay in the simulator. */
  @IsOptional()
  SLUICE_FLOW_TRACE: string | null = null;
}
