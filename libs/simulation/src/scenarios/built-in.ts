// The scenarios that come with Sluice, each a file beside this one.
import banksInTurn from './banks-in-turn.json';
import bulkSpike from './bulk-spike.json';
import contractRate from './contract-rate.json';
import cutAndRestore from './cut-and-restore.json';
import deadController from './dead-controller.json';
import drift from './drift.json';
import flapping from './flapping.json';
import herd from './herd.json';
import midnight from './midnight.json';
import { parseScenario } from './parse-scenario';
import redisGone from './redis-gone.json';
import retryStorm from './retry-storm.json';
import type { Scenario } from './scenario';
import steady from './steady.json';
import unequalMerchants from './unequal-merchants.json';

const FILES: readonly unknown[] = [
  ...[steady, cutAndRestore, drift, midnight, banksInTurn, herd, flapping],
  ...[bulkSpike, unequalMerchants, retryStorm, contractRate, redisGone, deadController],
];

/** All of them, read as anybody's file is. */
export const BUILT_IN_SCENARIOS: readonly Scenario[] = FILES.map(parseScenario);
