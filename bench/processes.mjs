// What takes processes of its own, on Node: the first token after a start, and memory after many calls.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { verifyJwtSync } from 'canvas-lms-tokens';
import { OURS, ratio, spread } from './measure.mjs';
import { audience } from './operations.mjs';
import { output } from './runtimes.mjs';

const RUNS = { long: 40, short: 3 };
const CALLS = { long: 1_000_000, short: 20_000 };
const PROGRAMS = { 'Node alone': 'nothing', [OURS]: 'ours', jose: 'jose' };
const STDIO = ['ignore', 'pipe', 'inherit'];

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Fresh processes by turns: {name: {median, q1, q3 (in ms, from start to end), ratio}}. */
export function first(length) {
  const secret = 'a secret of 32 characters, as is.';
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: '123123-ad13-ac233', aud: audience, exp: iat + 3600, iat, jti: 'one' };
  const samples = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
  // Once for nothing, so that all files are in the system's cache.
  for (let run = 0; run <= RUNS[length]; run += 1) {
    const names = Object.keys(PROGRAMS);
    if (run % 2 === 1) names.reverse();
    for (const name of names) {
      const args = [file(`first/${PROGRAMS[name]}.mjs`), secret, JSON.stringify(claims)];
      const start = performance.now();
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: STDIO });
      const taken = performance.now() - start;
      if (status !== 0) throw new Error(`${name}: exit code ${status}`);
      if (name !== 'Node alone') verifyJwtSync(stdout.trim(), { secret }, { audience });
      if (run > 0) samples[name].push(taken);
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, taken]) =>
    [name, { ...spread(taken), ratio: ratio({ samples: samples[OURS] }, { samples: taken }) }]));
}

/** Three readings: {more (calls than at the one before), rss, heapTotal, heapUsed, wasm (in bytes)}. */
export const memory = (length) => output(process.execPath, ['--expose-gc', file('memory.mjs'), String(CALLS[length])]);
