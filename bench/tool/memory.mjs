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

async function held(store) {
  const send = inProcess(await make({ ...settingsOf(platform), fetch, store }));
  const points = [];
  for (let done = 0; done <= total; done += 1) {
    if (done % step === 0) {
      globalThis.gc();
      const { rss, heapUsed, external } = process.memoryUsage();
      points.push({ launches: done, rss, heap: heapUsed + external });
    }
    await launch(send, await platform.ready());
  }
  return points;
}
console.log(JSON.stringify({ 'the store is elsewhere': await held(elsewhere()), 'memoryStore()': await held(memoryStore()) }));
