/**
 * The typed client: everything under `generated/` is made from openapi.json by `npm run client`, on the platform's own `fetch`.
 *
 *   const client = connect({ baseUrl: 'http://127.0.0.1:3000', apiKey });
 *   const { data, error } = await createPayment({ client, headers: { 'Idempotency-Key': key }, body });
 */
import type {} from './fetch-types';
import { type Client, createClient, createConfig } from './generated/client';
import type { ClientOptions } from './generated';

export * from './generated';
export type { Client } from './generated/client';

/** A client of one Sluice with one key. Answers are `{ data }` or `{ error }`; a problem is data too, and nothing is thrown for it. */
export function connect({ baseUrl, apiKey }: { readonly baseUrl: string; readonly apiKey: string }): Client {
  return createClient(createConfig<ClientOptions>({ baseUrl, auth: () => apiKey }));
}
