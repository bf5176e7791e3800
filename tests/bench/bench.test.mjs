// That the benchmarks work, in a short form: on Node and in a page. How long things take is nobody's matter here.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as jose from 'jose';
import { everywhere } from '../../bench/libraries.mjs';
import { OURS, ratio, spread } from '../../bench/measure.mjs';
import { openSuite } from '../../bench/suite.mjs';
import { output } from '../package/processes.mjs';
import { root } from '../../scripts/setup/shell.mjs';

const NODE_ALONE = ['fast-jwt', 'jsonwebtoken', 'node:crypto'];

test('every operation, on Node and in Chromium', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'results.json');
  const args = ['bench/run.mjs', '--short', '--no-build', '--json', file, 'node', 'chromium'];
  const printed = await output(process.execPath, args, { cwd: root });
  const { machine, versions, results: [node, chromium] } = JSON.parse(readFileSync(file, 'utf8'));

  assert.match(node.runtime, /^Node\.js \d/);
  assert.match(chromium.runtime, /^Chrome \d/);
  assert.ok(printed.includes(machine.cpu) && printed.includes(`jose ${versions.jose}`));
  assert.deepEqual(chromium.operations.map(({ name }) => name), node.operations.map(({ name }) => name));
  for (const { name, libraries } of [...node.operations, ...chromium.operations]) {
    assert.ok(OURS in libraries, name);
    for (const [library, { q1, median, q3, ratio: times }] of Object.entries(libraries)) {
      assert.ok(q1 > 0 && q1 <= median && median <= q3, `${library}: ${name}`);
      assert.ok(times.q1 > 0 && times.q1 <= times.median && times.median <= times.q3, `${library}: ${name}`);
    }
  }
  const [sign] = node.operations;
  const libraries = [OURS, 'jose (CryptoKey)', 'jose (bytes)', 'jsonwebtoken', 'fast-jwt', 'node:crypto'];
  assert.deepEqual(Object.keys(sign.libraries), libraries);
  assert.deepEqual(NODE_ALONE.filter((library) => library in chromium.operations[0].libraries), []);
  assert.deepEqual(Object.keys(node.first), ['Node alone', OURS, 'jose']);
  assert.deepEqual(node.memory.map(({ more }) => more), [1000, 10_000, 10_000]);
  assert.ok(node.memory.every(({ rss, heapUsed, wasm }) => rss > heapUsed && rss > wasm && wasm > 0));
  const parts = ['import and first assertion', 'ns per byte', 'after 1000 calls', '6×'];
  assert.deepEqual(parts.filter((part) => !printed.includes(part)), []);
  t.diagnostic(`${node.operations.length} operations on ${node.runtime} and ${chromium.runtime}`);
});

test('a wrong result is a fault, and so is a bad token that is accepted', async () => {
  const liars = () => ({
    forger: { 'HS256 sign': (claims) => new jose.UnsecuredJWT(claims).encode() },
    credulous: { 'HS256 verify': (token) => jose.decodeJwt(token) },
    forgetful: { decode: () => ({ header: {}, claims: {} }) },
  });
  const suite = await openSuite([everywhere, liars], 'short');
  await assert.rejects(suite.run('HS256 sign'), /^Error: forger: HS256 sign: /);
  await assert.rejects(suite.run('HS256 verify'), /^Error: credulous: HS256 verify: accepts /);
  await assert.rejects(suite.run('decode'), /^Error: forgetful: decode: gives /);
});

test('medians, quartiles, and ratios of the same round', () => {
  assert.deepEqual(spread([9, 1, 5, 3, 7]), { median: 5, q1: 3, q3: 7 });
  assert.deepEqual(spread([1, 2]), { median: 1.5, q1: 1.25, q3: 1.75 });
  // The second took twice as long in every round, whatever else the machine did.
  assert.deepEqual(ratio({ samples: [1, 10, 3] }, { samples: [2, 20, 6] }), { median: 2, q1: 2, q3: 2 });
});
