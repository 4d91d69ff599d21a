/** What the floor's two processes are told. */
export const FLOOR_QUEUE = 'floor';

export function floorSettings(): { databaseUrl: string; redisUrl: string; bankUrl: string; batch: number } {
  const { FLOOR_DATABASE_URL = '', FLOOR_REDIS_URL = '', FLOOR_BANK_URL = '', FLOOR_BATCH = '' } = process.env;
  return {
    databaseUrl: FLOOR_DATABASE_URL,
    redisUrl: FLOOR_REDIS_URL,
    bankUrl: FLOOR_BANK_URL,
    batch: Number(FLOOR_BATCH),
  };
}
