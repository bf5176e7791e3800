// Views by address: #inspect, #sign, #lti13, #canvas. What a view is handed over does not stand in the address.
import { texts } from '../texts.js';

/** {name (of the address), tag (of the element), load()}, in the order of the navigation. */
export const VIEWS = [
  { name: 'inspect', tag: 'inspect-view', load: () => import('../views/inspect/view.js') },
  { name: 'sign', tag: 'sign-view', load: () => import('../views/sign/view.js') },
  { name: 'lti13', tag: 'lti13-view', load: () => import('../views/lti13/view.js') },
  { name: 'canvas', tag: 'canvas-view', load: () => import('../views/canvas/view.js') },
];

const elements = new Map();

/** The element of a view, made when it is first asked for and kept, with all that was entered in it. */
export async function viewOf(name) {
  const { tag, load } = VIEWS.find((view) => view.name === name);
  await load();
  if (!elements.has(tag)) elements.set(tag, document.createElement(tag));
  return elements.get(tag);
}

/** The view that the address names, Inspect where it names none, and the parameters after a question mark. */
export function addressed() {
  const [name, query] = location.hash.slice(1).split('?');
  return { name: VIEWS.some((view) => view.name === name) ? name : 'inspect', query: new URLSearchParams(query) };
}

/** Goes to a view, as a link to it does, and hands something to its take(). */
export async function go(name, given) {
  location.hash = name;
  const view = await viewOf(name);
  await view.updateComplete;
  if (given) await view.take(given);
}

export const titleOf = (name) => `${texts.views[name].title} · ${texts.brand}`;
