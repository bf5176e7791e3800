// The place where a section shows what came out: one line that is read aloud, then a refusal, the answer, or both.
import { byId } from './element.js';
import { errorBox } from './error.js';

/** @param section the id that the places' ids begin with */
export function resultOf(section) {
  const [status, refusal, answer] = ['status', 'refusal', 'answer'].map((place) => byId(`${section}-${place}`));
  const show = (line, refused, answered) => {
    status.replaceChildren(...[line].flat());
    refusal.replaceChildren(...refused);
    answer.replaceChildren(...answered);
  };
  return {
    say: (line) => void (status.textContent = line),
    clear: (line = '') => show(line, [], []),
    /** @param line a text, or texts and elements */
    answer: (line, ...content) => show(line, [], content),
    refuse: (line, error, more = [], content = []) => show(line, [errorBox(error, more)], content),
  };
}
