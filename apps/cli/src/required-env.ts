/** An environment variable that a command cannot do without. @throws Error saying what to set it to */
export function required(name: string, meaning: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: set it to ${meaning}`);
  return value;
}
