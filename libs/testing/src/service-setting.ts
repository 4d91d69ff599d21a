// What the jest set-up has prepared, by name.

/**
 * @param name environment variable set by `jest-global-setup.ts`
 * @throws if it is missing, saying how to run the spec
 */
export function serviceSetting(name: 'TEST_DATABASE_URL' | 'TEST_REDIS_URL' | 'TEST_FOLDER'): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(
    `${name} is not set: this spec needs the jest projects "integration" or "e2e" (name it x.int.spec.ts).`,
  );
}
