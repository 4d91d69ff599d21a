export type { BankHttpClientOptions } from './http/bank-http-client';
export { createConnectors } from './registry';
export type { Connectors, ConnectorsOptions } from './registry';
export { STATEMENT_FORMATS, type RestConnectorOptions, type StatementFormat } from './rest/rest.connector';
export type { RestKeys } from './rest/rest.signature';
