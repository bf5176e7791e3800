// npm run bench: ours against other libraries. Each row of the table is one library at one operation; all of them run by
// turns in one process, warmed up, on several inputs, and only after every result was found right and every bad token was
// refused. Where a library lacks an operation or does not run, it has no row. Ratios are those of the same rounds, so they
// can be trusted more than the times, which are this machine's. No time makes it fail; a wrong result does.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { SetupError, exitWith, root, say } from '../scripts/setup/shell.mjs';
import { setup } from '../scripts/setup.mjs';
import { installTools } from '../tests/package/tools.mjs';
import { table } from './table.mjs';

const RUNTIMES = ['node', 'deno', 'bun', 'workerd', 'chromium', 'firefox'];
const PEERS = ['canvas-lms-tokens', 'jose', 'jsonwebtoken', 'fast-jwt', 'jwt-decode'];

const HELP = `npm run bench -- [options] [runtime…]

runtimes: ${RUNTIMES.join(', ')}; default node

  --short      seconds instead of minutes: shows that it works, not how fast it is
  --json FILE  keeps the results there too
  --no-build   with the package as it is in pkg/
  --help       this

Times are medians with quartiles, of batches of 10 ms or more. A ratio of 2 says that ours takes half the time of the
library of that row; it is the median, with quartiles, of the ratios of each round. On Node, goals stand beside the ratios,
and two parts follow that take processes of their own: importing and a first assertion, from the start of Node to its end,
and memory after a million calls. Ours is given its keys as JWKs or text each time, jose (CryptoKey) keys that were imported
before, jsonwebtoken KeyObjects, fast-jwt PEM or text with its cache off, node:crypto KeyObjects and no checks but signature,
exp and aud. jsonwebtoken, fast-jwt and node:crypto run in Node, Deno and Bun only.

Close other programs first; the load before and after is printed, where 1 after is the suite's own. The core without JavaScript: cargo bench
What one operation of ours spends its time in: node bench/profile.mjs OPERATION`;

await exitWith(async () => {
  const { values, positionals } = arguments_();
  if (values.help) return void console.log(HELP);
  const names = positionals.length > 0 ? positionals : ['node'];
  const unknown = names.find((name) => !RUNTIMES.includes(name));
  if (unknown) throw new SetupError(`there is no runtime "${unknown}"; there are: ${RUNTIMES.join(', ')}`);
  if (!values['no-build']) {
    setup(names.some((name) => ['chromium', 'firefox'].includes(name)) ? 'test' : 'build');
    await build();
  }
  if (names.some((name) => ['deno', 'bun', 'workerd'].includes(name))) installTools();
  // What it imports may not have been there before.
  const { runtimes } = await import('./runtimes.mjs');

  const length = values.short ? 'short' : 'long';
  const machine = { cpu: cpus()[0].model.trim(), cores: cpus().length, date: new Date().toISOString() };
  const load = loadavg()[0];
  const versions = Object.fromEntries(PEERS.map((name) => [name, version(name)]));
  const results = [];
  for (const name of names) {
    say(`${name}, ${length}`);
    const result = await runtimes[name](length);
    if (name === 'node') Object.assign(result, await processes(length));
    results.push(result);
  }
  machine.load = [load, loadavg()[0]];
  const [before, after] = machine.load.map((value) => value.toFixed(2));
  console.log(`\n${machine.cpu}, ${machine.cores} cores, load ${before} before and ${after} after; ${machine.date}`);
  console.log(Object.entries(versions).map((pair) => pair.join(' ')).join(', '));
  for (const [index, result] of results.entries()) console.log(table(result, { goals: names[index] === 'node' }));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, versions, length, results }, null, 1)}\n`);
});

function arguments_() {
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      allowPositionals: true,
      options: { short: flag, json: { type: 'string' }, 'no-build': flag, help: flag },
    });
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${HELP}`);
  }
}

async function processes(length) {
  const { first, memory } = await import('./processes.mjs');
  console.error('  import and first assertion');
  const started = first(length);
  console.error('  memory');
  return { first: started, memory: await memory(length) };
}

function version(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
