// Node's --expose-gc is needed. Prints after every round how large the core's memory is, and how many references its tables hold.
import { check } from './check.mjs';
import { core, exports } from './instance.mjs';

const tables = Object.values(exports).filter((value) => value instanceof WebAssembly.Table);

const emulator = await import('canvas-lms-tokens/emulator');
const claims = { sub: '123123-ad13-ac233', aud: 'https://school.example/api/lti/accounts/1/authorize', exp: 4e9 };
const key = { secret: 'a secret that is no key of anybody', alg: 'HS256' };
const wrong = { secret: 'another secret that is no key of anybody', alg: 'HS256' };

function refused(run) {
  try {
    run();
  } catch {
    return;
  }
  throw new Error('it is accepted');
}

/** How many places are taken. One that is leaked may hold undefined; those that are free hold null. */
function held(table) {
  let count = 0;
  for (let i = 0; i < table.length; i += 1) if (table.get(i) !== null) count += 1;
  return count;
}

const [rounds, calls, checks] = process.argv.slice(2).map(Number);
const sizes = [];
for (let round = 0; round < rounds; round += 1) {
  for (let i = 0; i < calls; i += 1) {
    const token = core.signJwtSync(claims, key);
    core.verifyJwtSync(token, key);
    if (i % 10 === 0) refused(() => core.verifyJwtSync(token, wrong));
    if (i % 10 === 0) refused(() => core.decode(token.slice(1)));
  }
  // What is asynchronous: promises, keys of the platform, and answers over fetch.
  for (let i = 0; i < checks; i += 1) await check(core, emulator);
  // What is remembered of a JWK goes with its object, and what a tool holds when the engine has come to tell of its end.
  for (let i = 0; i < 20; i += 1) {
    globalThis.gc();
    await new Promise((done) => setTimeout(done, 10));
  }
  sizes.push([exports.memory.buffer.byteLength, ...tables.map(held)]);
}
console.log(JSON.stringify(sizes));
