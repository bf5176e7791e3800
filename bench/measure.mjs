// Times functions by turns: in each round every one runs for some milliseconds, in changing order, so that load that comes
// and goes hits all of them, and ratios are taken within a round. Why no library: mitata and tinybench run one task to its
// end before they start the next, and count on a clock of microseconds, which neither Firefox nor workerd has.

export const OURS = 'canvas-lms-tokens';

/** How long things take: {milliseconds to warm up each function, milliseconds of a batch, rounds}. */
export const LENGTHS = {
  long: { warmUp: 250, batch: 10, rounds: 41 },
  short: { warmUp: 10, batch: 2, rounds: 5 },
};

const MOST = 2 ** 24;
// A batch is so many steps of the clock at least: in workerd they are of a millisecond.
const STEPS = 25;
let sink;

/** {name, run, inputs, isAsync}[] → {name: {median, q1, q3 (in ns), count (of calls in a batch), samples (in ns)}} */
export async function measure(entries, { warmUp, batch: wanted, rounds }) {
  const batch = Math.max(wanted, STEPS * clockStep());
  const all = [];
  for (const entry of entries) all.push({ ...entry, count: await warm(entry, warmUp, batch), samples: [] });
  for (let round = 0; round < rounds; round += 1) {
    const order = all.map((_, index) => all[(index + round) % all.length]);
    if (round % 2 === 1) order.reverse();
    for (const entry of order) entry.samples.push(await time(entry, entry.count) * 1e6 / entry.count);
  }
  return Object.fromEntries(all.map(({ name, count, samples }) => [name, { ...spread(samples), count, samples }]));
}

/** The milliseconds between two readings of the clock that differ. */
function clockStep() {
  const reading = () => {
    const before = performance.now();
    for (let i = 0; i < MOST; i += 1) {
      const now = performance.now();
      if (now !== before) return now;
    }
    throw new Error('the clock stands still');
  };
  const start = reading();
  return reading() - start;
}

/** Runs for a while; gives the number of calls that fill a batch. */
async function warm(entry, warmUp, batch) {
  let spent = 0;
  for (let count = 1; count < MOST;) {
    const taken = await time(entry, count);
    spent += taken;
    if (taken < batch / 2) count *= 2;
    else if (spent < warmUp) continue;
    else return Math.max(1, Math.round(count * batch / taken));
  }
  throw new Error(`${entry.name} takes no time`);
}

/** Milliseconds. */
async function time({ run, inputs, isAsync }, count) {
  const start = performance.now();
  if (isAsync) for (let i = 0; i < count; i += 1) sink = await run(inputs[i % inputs.length]);
  else for (let i = 0; i < count; i += 1) sink = run(inputs[i % inputs.length]);
  return performance.now() - start;
}

/** How many times as fast the first is as the second, round by round. */
export const ratio = (first, second) => spread(first.samples.map((sample, round) => second.samples[round] / sample));

/** Median and quartiles. */
export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part) => {
    const place = (sorted.length - 1) * part;
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return low + (high - low) * (place % 1);
  };
  return { median: at(0.5), q1: at(0.25), q3: at(0.75) };
}
