const green = process.stdout.isTTY ? '\x1b[32m✓\x1b[0m' : '✓';
const red = process.stderr.isTTY ? '\x1b[31m✗\x1b[0m' : '✗';

/**
 * Runs one step and says so: what is under way, then ✓ and how long it took.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const since = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  ${name} …`);
  else console.log(`  ${name} …`);
  try {
    const result = await work();
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    console.log(`${green} ${name} (${seconds(since)})`);
    return result;
  } catch (error) {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    console.log(`${red} ${name} (${seconds(since)})`);
    throw error;
  }
}

/** @param {number} since `performance.now()` of the beginning */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** @param {unknown} error */
export function printFailure(error) {
  const text =
    error instanceof Error && error.name === 'Failure'
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  console.error(`\n${red} ${text}`);
}
