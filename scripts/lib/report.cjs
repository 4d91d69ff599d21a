// What a command says while it works: one line per step, with its seconds, and errors without a
// stack unless they are ours to debug.
// @ts-check
'use strict';

/**
 * @typedef {object} Report
 * @property {<T>(title: string, work: (detail: (text: string) => void) => T | Promise<T>) => Promise<T>} step
 *   runs the work and prints its title, what it added and how long it took
 * @property {(text: string) => void} note  a line of its own
 */

/**
 * @param {(line: string) => void} [print]
 * @returns {Report}
 */
function reporter(print = (line) => process.stderr.write(`${line}\n`)) {
  return {
    async step(title, work) {
      const begun = Date.now();
      let added = '';
      const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s`;
      try {
        const result = await work((text) => (added = `  ${text}`));
        print(`  ok    ${seconds()}  ${title}${added}`);
        return result;
      } catch (error) {
        print(`  FAIL  ${seconds()}  ${title}`);
        throw error;
      }
    },
    note: (text) => print(`        ${text}`),
  };
}

/**
 * @param {unknown} error
 */
function explain(error) {
  let text = error instanceof Error ? error.message : String(error);
  const { code, path: file } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (code === 'EACCES' && file)
    text += `\n${file} is closed to you: was the command run as another user before? Run it as that user, or give the folder to yourself.`;
  process.stderr.write(`\n${text}\n`);
  if (process.env.SLUICE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

module.exports = { reporter, explain };
