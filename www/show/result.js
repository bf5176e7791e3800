// The place where a section shows what came out: one line that is read aloud, then either a refusal or the answer.
import { byId } from './element.js';
import { errorBox } from './error.js';

/** @param section the id that the places' ids begin with */
export function resultOf(section) {
  const [status, refusal, answer] = ['status', 'refusal', 'answer'].map((place) => byId(`${section}-${place}`));
  const show = (line, refused, answered) => {
    status.textContent = line;
    refusal.replaceChildren(...refused);
    answer.replaceChildren(...answered);
  };
  return {
    say: (line) => void (status.textContent = line),
    clear: (line = '') => show(line, [], []),
    answer: (line, ...content) => show(line, [], content),
    refuse: (line, error, more) => show(line, [errorBox(error, more)], []),
  };
}
