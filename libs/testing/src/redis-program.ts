// The Redis of this machine, found as `npm start` finds it: on a fresh Debian it is not called redis-server.
import { redisBinary } from '../../../scripts/lib/redis-binary.cjs';

/** The program's file, and the name under which it must be started. */
export function redisProgram(): { readonly file: string; readonly argv0: string } {
  return redisBinary(() => undefined);
}
