// A token from the outside in.
import { unwrap } from '../package.js';
import { element } from './element.js';
import { facts, members, titled } from './members.js';
import { tokenText } from './token.js';

const NAMES = { base64: 'Base64', jws: 'JWS, signed', jwe: 'JWE, encrypted' };
const COMPACT = { jws: /^[\w-]+\.[\w-]*\.[\w-]*$/, jwe: /^[\w-]+(\.[\w-]*){4}$/ };

/** Layers and claims of what was decoded or inspected. */
export function layersOf({ layers, claims }, token) {
  const texts = textsOf(layers, token);
  const steps = layers.map((layer, i) => step(layer, texts[i]));
  return [
    ...(steps.length ? [titled('Layers', element('ol', { class: 'layers' }, steps))] : []),
    ...(claims ? [members('Claims', claims)] : []),
  ];
}

function step(layer, text) {
  const name = element('strong', {}, NAMES[layer.type]);
  if (layer.type === 'base64') {
    return element('li', {}, name, element('p', { class: 'quiet' }, 'The way Canvas wraps the tokens of /api/v1/jwts.'));
  }
  return element('li', {}, name, text && tokenText('Token', text), members('Header', layer.header), parts(layer));
}

function parts(layer) {
  const { type, header, ...texts } = layer;
  const lengths = Object.entries(texts).map(([name, { length }]) => {
    const bytes = Math.floor((length * 3) / 4);
    return [name.replace('protected', 'header').replace('_', ' '), `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`];
  });
  return titled('Lengths', facts(lengths));
}

/** What base64url text stands for, as UTF-8. */
const textOf = (base64url) => new TextDecoder().decode(
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0)));

/** Each layer's own text, from the outside in; null inside an encrypted one, and for what is not written cleanly. */
function textsOf(layers, token) {
  let text = token.trim().replace(/^bearer /i, '').trim();
  return layers.map((layer) => {
    const own = text;
    if (layer.type === 'base64') text = own && unwrap(own);
    if (layer.type === 'jws') text = textOf(layer.payload);
    if (layer.type === 'jwe') text = null;
    return own !== null && (COMPACT[layer.type]?.test(own) ?? true) ? own : null;
  });
}
