/** Names of what is wired by the module and is not a class. */
export const ENV = Symbol('environment');
export const LOG = Symbol('log');
export const METERS = Symbol('meters');
export const POSTGRES = Symbol('postgres');
export const JOURNAL = Symbol('journal');
export const REFUNDS = Symbol('refunds');
export const CHANNELS = Symbol('channels');
export const API_KEYS = Symbol('api keys');
export const REDIS = Symbol('redis');
export const QUEUE = Symbol('queue');
export const CONNECTORS = Symbol('connectors');
export const WEBHOOK_ENDPOINTS = Symbol('webhook endpoints');
export const PAYER_INSTRUMENTS = Symbol('payer instruments');
export const SUGGESTION_SEAL = Symbol('suggestion seal');
export const STEP_PROBE = Symbol('step probe');
export const OPENAPI = Symbol('openapi');
export const WORKLIST = Symbol('worklist');
/** The controller's last word, for the door (FlowView). */
export const FLOW = Symbol('flow');
/** How strained this process is, for its self-protection. */
export const STRAIN = Symbol('strain');
export const LIMITS = Symbol('limits');
export const ORDERS = Symbol('orders');
export const AUDIT_TRAIL = Symbol('audit trail');
