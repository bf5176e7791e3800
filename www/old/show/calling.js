// Calls that take their time: one at a time, and what came of each.
import { emulator } from '../emulator.js';
import { element } from './element.js';

/**
 * @param result where it is shown
 * @returns a function that carries out a call and shows its answer; `also` adds to what is shown of an error
 */
export function callingIn(result) {
  let isCalling = false;
  return async (call, answered, also = () => []) => {
    if (isCalling) return;
    isCalling = true;
    result.clear('Waiting for the answer.');
    const { length } = emulator.refusals;
    try {
      answered(await call());
    } catch (error) {
      result.refuse('Refused.', error, reasonRows(emulator.refusals.slice(length)), also(error));
    } finally {
      isCalling = false;
    }
  };
}

function reasonRows(refusals) {
  const reason = refusals.at(-1)?.reason;
  if (!reason) return [];
  return [
    ["Canvas's own reason", [
      element('strong', {}, reason),
      element('span', { class: 'quiet' }, 'A real Canvas keeps this to itself: it sends the answer above, nothing more.'),
    ]],
  ];
}
