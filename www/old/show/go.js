// From one section to another.
import { byId, element } from './element.js';

/** A button that hands something over to a section, and goes there. */
export function handOver(text, section, hand) {
  return element('button', {
    type: 'button',
    class: 'small',
    onclick() {
      hand();
      goTo(section);
    },
  }, text);
}

function goTo(section) {
  if (section === 'inspect') return;
  byId(section).scrollIntoView();
  byId(`${section}-title`).focus({ preventScroll: true });
}
