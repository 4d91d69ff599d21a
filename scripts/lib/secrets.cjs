// The sandbox's keys: random per checkout, kept in `.data/secrets.json` so that a restart keeps them.
// @ts-check
'use strict';
const crypto = require('node:crypto');
const { readJson, writeJson } = require('./json-file.cjs');

/** Crockford's base32, as in our ids: no letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 32 characters of 5 bits: 160 bits, beyond guessing. */
function random() {
  return Array.from(crypto.randomBytes(32), (byte) => ALPHABET[byte % 32]).join('');
}

/**
 * @typedef {object} Secrets
 * @property {string} merchant_key
 * @property {string} other_merchant_key
 * @property {string} operator_key
 * @property {string} bank_secret         signs what we and the simulated banks say to each other
 * @property {string} postgres_password
 */

/** @returns {Secrets} */
function newSecrets() {
  return {
    merchant_key: `sk_sandbox_${random()}`,
    other_merchant_key: `sk_sandbox_${random()}`,
    operator_key: `op_sandbox_${random()}`,
    bank_secret: random(),
    postgres_password: random(),
  };
}

/**
 * @param {string} file
 * @returns {Secrets} those kept in the file, made where missing
 */
function keptSecrets(file) {
  const kept = readJson(file);
  const secrets = { ...newSecrets(), ...kept };
  if (Object.keys(secrets).length !== Object.keys(kept ?? {}).length) writeJson(file, secrets);
  return secrets;
}

module.exports = { newSecrets, keptSecrets };
