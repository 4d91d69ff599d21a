// What a stranger reads when the product is up: where everything is, a first payment, a first
// congestion, and how to stop.
// @ts-check
'use strict';
const { shortened, runFile } = require('./paths.cjs');

/**
 * @param {import('./run-file.cjs').RunFile} run
 * @param {{ detached: boolean }} how
 * @returns {string}
 */
function welcome(run, { detached }) {
  const { urls, keys, databases } = run;
  return `
Sluice ${run.version} is up.

  API              ${urls.api}   (/openapi.json, /health/ready, /metrics)
  bank simulator   ${urls.bank_simulator}
  worker           ${urls.worker}   (health, metrics)
  PostgreSQL       ${databases.postgres_url}
  Redis            ${databases.redis_url}
  merchant key     ${keys.merchant.api_key}
  operator key     ${keys.operator.api_key}
  logs             ${shortened(run.logs)}/
  for scripts      ${shortened(runFile)}

A first payment:

${firstPayment(run)}

It is accepted at once and paid moments later. What became of the newest one:

${newestPayment(run)}

Congest a bank (ICBC's quick-pay is left a fifth of its service slots), pay again, and let it recover:

${congestion(run)}

${detached ? 'Stop with: npm stop' : 'Stop with Ctrl-C.'}
`;
}

/** @typedef {Pick<import('./run-file.cjs').RunFile, 'urls' | 'keys' | 'tokens'>} Shown */

/**
 * A line to paste into a shell. The order number and the key hold the second, so that pasting it
 * again makes another payment.
 * @param {Shown} run
 */
function firstPayment({ urls, keys, tokens }) {
  const body = `{"merchant_order_no":"first-'$(date +%s)'","amount":{"value":19900,"currency":"CNY"},"payment_method":{"token":"${tokens.ok}"}}`;
  return [
    `  curl -sS ${urls.api}/v1/payments -H 'Content-Type: application/json' \\`,
    `    -H 'Authorization: Bearer ${keys.merchant.api_key}' -H "Idempotency-Key: first-$(date +%s)" \\`,
    `    -d '${body}'`,
  ].join('\n');
}

/** @param {Pick<Shown, 'urls' | 'keys'>} run */
function newestPayment({ urls, keys }) {
  return `  curl -sS '${urls.api}/v1/payments?limit=1' -H 'Authorization: Bearer ${keys.merchant.api_key}'`;
}

/** @param {Pick<Shown, 'urls'>} run */
function congestion({ urls }) {
  const channel = `${urls.bank_simulator}/control/channels/icbc.quickpay`;
  return [`  curl -sS -X POST ${channel}/congest`, `  curl -sS -X POST ${channel}/restore`].join('\n');
}

module.exports = { welcome, firstPayment, newestPayment, congestion };
