// Times tools by turns, so that load that comes and goes hits all of them.
import { launch, login, summary } from './browser.mjs';

/** {name: how long a login and its launch take together}; what the platform does between them is not counted. */
export async function byTurns(senders, platform, { rounds, batch }) {
  const form = String(new URLSearchParams(platform.login));
  const samples = Object.fromEntries(Object.keys(senders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const turns = Object.entries(senders);
    for (const [name, send] of round % 2 ? turns : turns.reverse()) {
      for (let i = 0; i < batch; i += 1) {
        const start = performance.now();
        const { url, cookie } = await login(send, form);
        const begun = performance.now() - start;
        const body = String(new URLSearchParams(platform.launch(url)));
        const again = performance.now();
        await launch(send, { body, cookie });
        // The first round warms up.
        if (round > 0) samples[name].push(begun + performance.now() - again);
      }
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, times]) => [name, summary(times)]));
}
