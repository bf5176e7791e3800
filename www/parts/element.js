// What every component is made of. They render into the page itself, not into shadow roots, so that labels, descriptions and one
// set of style sheets reach all of it; only the editors have a root of their own.
import { LitElement } from 'lit';

export { html, nothing } from 'lit';

export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Tells the parent: an event of this name, with its detail, that bubbles. */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

let count = 0;
/** An id that no other element has. */
export const newId = (prefix) => `${prefix}-${(count += 1)}`;
