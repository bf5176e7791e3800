// What the time of one of our operations goes into: node bench/profile.mjs KIND [SECONDS]. Functions by the time spent in
// them alone. Those of the wasm have names where it was built with WASM_NAMES=1 npm run build.
import { Session } from 'node:inspector/promises';
import { everywhere } from './libraries.mjs';
import { OURS } from './measure.mjs';
import { makeKeys, makeOperations } from './operations.mjs';

const [kind, seconds = '5'] = process.argv.slice(2);
const keys = await makeKeys();
const { [OURS]: ours } = await everywhere(keys);
const operation = (await makeOperations(keys, 'short')).find(({ name }) => name === kind);
if (!operation) throw new Error(`there is no operation "${kind}"; there are: ${Object.keys(ours).join(', ')}`);
const { inputs } = operation;

async function run(milliseconds) {
  const end = performance.now() + milliseconds;
  for (let i = 0; performance.now() < end; i += 1) await ours[kind](inputs[i % inputs.length]);
}

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await run(1000);
await session.post('Profiler.start');
await run(Number(seconds) * 1000);
const { profile } = await session.post('Profiler.stop');

const times = new Map();
const places = { 'in wasm': 0, 'in its glue': 0, waiting: 0, 'in the platform and elsewhere': 0 };
const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
for (const [i, id] of profile.samples.entries()) {
  const { functionName, url } = frames.get(id);
  const frame = `${(functionName || '(anonymous)').slice(0, 100)}  ${url.replace(/^.*\//, '')}`;
  times.set(frame, (times.get(frame) ?? 0) + profile.timeDeltas[i]);
  places[placeOf(functionName, url)] += profile.timeDeltas[i];
}
const sum = profile.timeDeltas.reduce((a, b) => a + b, 0);
const line = ([what, time]) => console.log(`${(time / sum * 100).toFixed(1).padStart(5)} %  ${what}`);
Object.entries(places).forEach(line);
console.log();
[...times].sort(([, a], [, b]) => b - a).slice(0, 25).forEach(line);

function placeOf(name, url) {
  if (/core_bg\.js$/.test(url) || name.startsWith('wasm-to-js') || name.startsWith('js-to-wasm')) return 'in its glue';
  if (url.startsWith('wasm:') || /\.wasm(-\w+)?$/.test(url)) return 'in wasm';
  return name === '(idle)' ? 'waiting' : 'in the platform and elsewhere';
}
