/** The product's own libs, as `dist/` has them: what is measured or reused here is what runs there. Asked for after the build. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Domain from '../libs/domain/src/index.ts';
import type * as Policy from '../libs/policy/src/index.ts';
import type * as Queue from '../libs/queue/src/index.ts';
import type * as Runtime from '../libs/runtime/src/index.ts';
import type * as Simulation from '../libs/simulation/src/index.ts';
import paths from '../scripts/lib/paths.cjs';

// bench/ has a package.json of its own, so `#lib` is resolved from the root's.
const load = createRequire(join(paths.root, 'package.json'));

export const domain = (): typeof Domain => load('#domain') as typeof Domain;
export const policy = (): typeof Policy => load('#policy') as typeof Policy;
export const queue = (): typeof Queue => load('#queue') as typeof Queue;
export const runtime = (): typeof Runtime => load('#runtime') as typeof Runtime;
export const simulation = (): typeof Simulation => load('#simulation') as typeof Simulation;
