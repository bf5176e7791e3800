// <layer-path>: a token's layers from the outside in, as a path to walk: each can be chosen, and shows its own header. Emits 'layer'
// with the place of the layer that was chosen.
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';

const t = texts.inspect;

class LayerPath extends Element {
  static properties = { layers: { attribute: false }, chosen: { attribute: false } };

  render() {
    const { layers } = this;
    if (layers.length === 0) return nothing;
    return html`<nav class="path" aria-label=${t.path}><ol>${layers.map(({ type }, place) => html`<li>
      <button type="button" class="plain" aria-current=${place === this.chosen ? 'step' : nothing} ?disabled=${type === 'base64'}
        @click=${() => this.emit('layer', place)}>${t.layers[type]}</button></li>`)}</ol></nav>`;
  }
}

customElements.define('layer-path', LayerPath);
