export { connectionsFor } from './http/bank-http-client';
export type { BankHttpClientOptions } from './http/bank-http-client';
export type { CallGuard } from './http/call-guard';
export { createConnectors } from './registry';
export type { Connectors, ConnectorsOptions } from './registry';
export { REST_CAPABILITIES } from './rest/rest.capabilities';
export type { RestConnectorOptions } from './rest/rest.connector';
export type { RestKeys } from './rest/rest.signature';
