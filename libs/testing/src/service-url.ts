// The address of a service that the jest set-up has started.

/**
 * @param name environment variable set by `jest-global-setup.ts`
 * @throws if it is missing, saying how to run the spec
 */
export function serviceUrl(name: 'TEST_DATABASE_URL' | 'TEST_REDIS_URL'): string {
  const url = process.env[name];
  if (url !== undefined && url !== '') return url;
  throw new Error(
    `${name} is not set: this spec needs the jest projects "integration" or "e2e" (name it x.int.spec.ts).`,
  );
}
