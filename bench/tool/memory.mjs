// In a process of its own, with --expose-gc: what it holds after so many launches. Prints JSON.
import { memoryStore } from 'canvas-lms-tokens/tool';
import { makePlatform } from '../../tests/js/tool/platform.mjs';
import { inProcess, launch } from './browser.mjs';
import { make } from './ours.mjs';
import { settingsOf } from './settings.mjs';

const [total, step] = process.argv.slice(2).map(Number);
const platform = await makePlatform();
const fetch = async () => Response.json(platform.jwks);

/** A store that is elsewhere: what this process holds of it is nothing. */
const elsewhere = () => ({ get: () => null, set() {}, add: () => true, delete() {} });

/** One that takes the same launch as often as it comes, as if each were another: making them takes longer than taking them. */
function inMemory() {
  const store = memoryStore();
  let added = 0;
  return { ...store, add: (name, ...rest) => store.add(`${name}${added++}`, ...rest) };
}

async function held(store) {
  const send = inProcess(await make({ ...settingsOf(platform), fetch, store }));
  const points = [];
  let ready;
  for (let done = 0; done <= total; done += 1) {
    if (done % step === 0) {
      globalThis.gc();
      const { rss, heapUsed, external } = process.memoryUsage();
      points.push({ launches: done, rss, heap: heapUsed + external });
    }
    // It is good for some minutes.
    if (done % 1000 === 0) ready = await platform.ready();
    await launch(send, ready);
  }
  return points;
}
console.log(JSON.stringify({ 'the store is elsewhere': await held(elsewhere()), 'memoryStore()': await held(inMemory()) }));
