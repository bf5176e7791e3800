// What is to be signed, and the token it makes. Each change signs anew, once typing pauses; of several answers the latest counts.
import { sentence } from '../../format/sentence.js';
import { nowSeconds } from '../../format/time.js';
import { keyFrom } from '../../package/keys.js';
import { call } from '../../package/worker-client.js';
import { texts } from '../../texts.js';
import { faultAt } from '../inspect/payload.js';

const PAUSE = 150;
/** The name of an argument, in front of what is wrong with it. */
const PLACE = /^(text|claims|header|key|plaintext|secret)[\w.[\]]*: /;
// The longest time that a timer takes, in seconds.
const LONGEST = 2 ** 31 / 1000 - 1;

export const EMPTY = {
  template: undefined, header: '', claims: '', key: { kind: 'secret', text: '' }, mode: 'signed', isWrapped: false,
  jwe: '{\n  "alg": "RSA-OAEP-256",\n  "enc": "A256GCM",\n  "cty": "JWT"\n}', recipient: { kind: 'secret', text: '' }, endpoint: '', code: '',
};

export class Model extends EventTarget {
  given = EMPTY;
  /** {mode, token, header, claims, jwe, text (of each of them), report}; of what was given last, undefined where it cannot be made. */
  made = undefined;
  /** {at: 'header' | 'claims' | 'key' | 'jwe' | 'recipient', message, fault: span of the text}. */
  problem = undefined;
  #run = 0;

  set(changes, pause = PAUSE) {
    this.given = { ...this.given, ...changes };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.make(), pause);
    this.#tell();
  }

  async make() {
    const run = (this.#run += 1);
    const settle = (result) => {
      if (run !== this.#run) return;
      Object.assign(this, result);
      this.#tell();
    };
    try {
      const made = await make(this.given);
      settle({ made, problem: undefined });
      if (run === this.#run) this.#makeAgain(made);
    } catch (problem) {
      settle({ made: undefined, problem });
    }
  }

  /** What its reader says changes when it expires. */
  #makeAgain({ claims: { exp } }) {
    const left = typeof exp === 'number' ? exp - nowSeconds() : 0;
    if (left > 0 && left < LONGEST) this.timer = setTimeout(() => this.make(), left * 1000 + 50);
  }

  #tell() {
    this.dispatchEvent(new Event('changed'));
  }
}

/** {mode, token, header, claims, jwe, text, report}; rejects with a problem as the model has it. */
export async function make({ header, claims, key, mode, isWrapped, jwe, recipient, endpoint }) {
  const made = { mode, claims: await parsed('claims', claims) };
  if (mode !== 'encrypted') {
    made.header = await parsed('header', header);
    made.token = await at('key', async () => call('signJwt', made.claims, await given(key), made.header));
  }
  if (mode !== 'signed') {
    made.jwe = await parsed('jwe', jwe);
    const content = made.token ?? await at('claims', () => call('stringify', made.claims));
    made.token = await at('recipient', async () => call('encryptJwe', content, await given(recipient), made.jwe));
  }
  if (isWrapped) made.token = await call('wrap', made.token);
  made.text = Object.fromEntries(await Promise.all(['header', 'claims', 'jwe'].filter((name) => made[name] !== undefined)
    .map(async (name) => [name, await call('stringify', made[name])])));
  made.report = await reportOf(made.token, { key, recipient, mode, endpoint });
  return made;
}

/** What Canvas or the tool will say to it. */
function reportOf(token, { key, recipient, mode, endpoint }) {
  return call('inspect', token, {
    ...(mode !== 'encrypted' && { key: keyFrom(key) }), ...(mode !== 'signed' && { decryptionKey: keyFrom(recipient) }),
    ...(endpoint && { endpoint }),
  }).catch(() => undefined);
}

// The place stands beside the message, in words.
const problem = (place, message, fault) => Object.assign(new Error(sentence(message.replace(PLACE, ''))), { at: place, fault });

async function parsed(name, text) {
  try {
    return await call('parse', text);
  } catch (error) {
    throw problem(name, error.message, faultAt(text, error.message));
  }
}

async function given(entered) {
  const key = keyFrom(entered);
  if (key === undefined) throw new Error(texts.sign.noKey);
  return key;
}

/** Where a fault of the package belongs: what its `at` names, else the step. */
async function at(step, run) {
  try {
    return await run();
  } catch (error) {
    // An algorithm that this key is not for is the key's fault as much, and a key is sooner changed.
    const isKey = error.code === 'ERR_JOSE_ALG_NOT_ALLOWED';
    const [, name] = (!isKey && /^(header|claims)/.exec(error.at ?? '')) || [];
    const place = name === 'header' && step === 'recipient' ? 'jwe' : name;
    throw problem(place ?? step, error.message);
  }
}
