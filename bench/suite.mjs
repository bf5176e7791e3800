// The suite in one runtime: libraries and operations in, results out, as JSON can carry them.
import { LENGTHS, OURS, measure, ratio } from './measure.mjs';
import { makeKeys, makeOperations } from './operations.mjs';

// How the libraries differ at the cost of a byte; the others would only lengthen the run.
const SIZED = [OURS, 'jose', 'jose (CryptoKey)'];

/** `makers`: functions from keys to {library: {kind of operation: function}}. Gives {names, run(name)}. */
export async function openSuite(makers, length) {
  const keys = await makeKeys();
  const libraries = Object.assign({}, ...await Promise.all(makers.map((make) => make(keys))));
  const operations = new Map((await makeOperations(keys, length)).map((operation) => [operation.name, operation]));
  return {
    names: [...operations.keys()],
    run: (name) => run(operations.get(name), libraries, LENGTHS[length]),
  };
}

/** {name, shape, bytes, libraries: {name: {median, q1, q3, count, ratio: {median, q1, q3}}}} */
async function run({ name, kind, ours = kind, shape, bytes, ...operation }, libraries, lengths) {
  const entries = [];
  for (const [library, calls] of Object.entries(libraries)) {
    const call = calls[library === OURS ? ours : kind];
    if (!call || (bytes && !SIZED.includes(library))) continue;
    const isAsync = await checked(call, operation).catch((error) => {
      throw new Error(`${library}: ${name}: ${error.message}`, { cause: error });
    });
    entries.push({ name: library, run: call, inputs: operation.inputs, isAsync });
  }
  const times = await measure(entries, lengths);
  const results = Object.entries(times).map(([library, time]) => {
    const { samples, ...rest } = time;
    return [library, { ...rest, ratio: ratio(times[OURS], time) }];
  });
  return { name, kind, shape, bytes, libraries: Object.fromEntries(results) };
}

/** Throws unless every result is right and what must be refused is; gives whether a promise comes back. */
async function checked(call, { inputs, check, refused }) {
  for (const input of inputs) await check(await call(input), input);
  for (const input of refused) {
    const accepted = await Promise.resolve(input).then(call).then(() => true, () => false);
    if (accepted) throw new Error(`accepts ${input}`);
  }
  return typeof call(inputs[0])?.then === 'function';
}
