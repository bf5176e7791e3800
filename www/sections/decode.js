// Decode: any token to its layers, header and claims.
import { decode, unwrap } from '../package.js';
import { samples } from '../samples.js';
import { byId, element } from '../show/element.js';
import { facts, members, titled } from '../show/members.js';
import { resultOf } from '../show/result.js';
import { tokenText } from '../show/token.js';

const NAMES = { base64: 'Base64', jws: 'JWS, signed', jwe: 'JWE, encrypted' };

export function startDecode() {
  const input = byId('decode-token');
  const result = resultOf('decode');

  function show() {
    if (input.value.trim() === '') return result.clear();
    try {
      const decoded = decode(input.value);
      result.answer(lineOf(decoded), ...contentOf(decoded, input.value));
    } catch (error) {
      result.refuse('Not a token.', error);
    }
  }

  const put = (token) => {
    input.value = token;
    show();
  };
  input.addEventListener('input', show);
  for (const [id, token] of Object.entries(samples)) byId(id).addEventListener('click', () => put(token));
  byId('decode-clear').addEventListener('click', () => {
    put('');
    input.focus();
  });
}

function lineOf({ layers, claims }) {
  if (layers.at(-1).type === 'jwe') return 'Encrypted: only the header can be read.';
  return claims ? 'Decoded. Nothing in it was verified.' : 'Decoded, but the payload is no claims set.';
}

function contentOf({ layers, claims }, token) {
  const texts = textsOf(layers, token);
  const steps = layers.map((layer, i) => step(layer, texts[i]));
  return [
    titled('Layers', element('ol', { class: 'layers' }, steps)),
    ...(claims ? [members('Claims', claims)] : []),
  ];
}

function step(layer, text) {
  const name = element('strong', {}, NAMES[layer.type]);
  if (layer.type === 'base64') {
    return element('li', {}, name, element('p', { class: 'quiet' }, 'The way Canvas wraps the tokens of /api/v1/jwts.'));
  }
  return element('li', {}, name, tokenText('Token', text), members('Header', layer.header), parts(layer, text));
}

function parts(layer, text) {
  const header = ['header', headerLength(text)];
  const rows = layer.type === 'jws'
    ? [header, ['payload', layer.payload.length], ['signature', layer.signature.length]]
    : [
        header,
        ['encrypted key', layer.encryptedKey.length],
        ['iv', layer.iv.length],
        ['ciphertext', layer.ciphertext.length],
        ['tag', layer.tag.length],
      ];
  return titled('Lengths', facts(rows.map(([name, length]) => [name, `${length} ${length === 1 ? 'byte' : 'bytes'}`])));
}

const headerLength = (text) => Math.floor((text.indexOf('.') * 3) / 4);

/** Each layer's own text, from the outside in. */
function textsOf(layers, token) {
  let text = token.trim().replace(/^bearer /i, '').trim();
  return layers.map((layer) => {
    const own = text;
    if (layer.type === 'base64') text = unwrap(own);
    if (layer.type === 'jws') text = new TextDecoder().decode(layer.payload);
    return own;
  });
}
