// Values that no caller should pass and some will: of every type, hostile ones included.
import vm from 'node:vm';

const fail = (what) => () => {
  throw new Error(`${what} was called`);
};
const TRAPS = Object.getOwnPropertyNames(Reflect).filter((name) => name !== 'toString');
const hostile = (target) => new Proxy(target, Object.fromEntries(TRAPS.map((name) => [name, fail(name)])));

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const subclass = (name, get) =>
  new (class extends Uint8Array {
    static {
      Object.defineProperty(this.prototype, name, { get });
    }
  })(8);

class Thing {
  #secret = 1;
  constructor() {
    this.name = 'thing';
  }
}

const circle = {};
circle.circle = circle;

function deep() {
  let value = {};
  for (let depth = 0; depth < 10_000; depth += 1) value = depth % 2 ? [value] : { value };
  return value;
}

export const strange = {
  undefined: undefined,
  null: null,
  true: true,
  zero: 0,
  'minus zero': -0,
  'a fraction': 1.5,
  NaN: NaN,
  Infinity: Infinity,
  'an unsafe integer': 2 ** 60,
  'a bigint': -5n,
  'a huge bigint': 1n << 10_000_000n,
  'a symbol': Symbol('strange'),
  'a well-known symbol': Symbol.toPrimitive,
  'an empty string': '',
  'a string': 'strange',
  'a lone surrogate': 'a\udc00b',
  'the replacement character': 'a\ufffdb',
  'NUL characters': '\0\0',
  // Near the longest a string can be; two bytes for each character, so that UTF-8 needs more than a wasm memory has.
  'a huge string': 'x'.repeat(2 ** 29 - 24),
  'a huge string beyond ASCII': '\u20ac'.repeat(2 ** 29 - 24),
  'a string object': new String('strange'),
  'an array': [1, 'x', null],
  'an array with a hole': [, 1],
  'an object': { a: 1 },
  'an object without prototype': Object.create(null),
  'a circle': circle,
  'throwing getters': Object.defineProperties({}, Object.fromEntries(
    ['sub', 'aud', 'exp', 'iat', 'jti', 'url', 'secret', 'lifetime', 'now', 'name', 'code', 'cause', 'fetch', 'then',
      'aborted', 'toJSON', 'valueOf', 'toString', Symbol.toPrimitive, Symbol.toStringTag, Symbol.iterator]
      .map((name) => [name, { enumerable: true, get: fail(String(name)) }]))),
  'a throwing toString': { toString: fail('toString'), valueOf: fail('valueOf'), [Symbol.toPrimitive]: fail('toPrimitive') },
  'a hostile proxy': hostile({}),
  'a hostile proxy of a function': hostile(() => {}),
  'a hostile proxy of an array': hostile([]),
  'a hostile proxy of bytes': hostile(new Uint8Array(8)),
  'a revoked proxy': revoked({}),
  'a revoked proxy of an array': revoked([]),
  'a revoked proxy of a function': revoked(() => {}),
  'a function': () => 'strange',
  'an async function': async () => {},
  'a class': Thing,
  'a class instance': new Thing(),
  'a Date': new Date(0),
  'an invalid Date': new Date(NaN),
  'a RegExp': /x/,
  'a Map': new Map([['sub', 'x']]),
  'an Error': new Error('strange'),
  'a URL': new URL('https://canvas.test/'),
  'a promise': Promise.resolve('x'),
  'a thenable that throws': { then: fail('then') },
  'a thenable that never settles': { then() {} },
  'an object whose tag is huge': { [Symbol.toStringTag]: '\u20ac'.repeat(2 ** 29 - 100) },
  'an array whose items throw': Object.defineProperty([0], 0, { get: fail('item') }),
  'an array with a huge length': new Array(2 ** 32 - 1),
  'a deep object': deep(),
  'an AbortSignal': AbortSignal.abort(),
  'an ArrayBuffer': new ArrayBuffer(8),
  'a DataView': new DataView(new ArrayBuffer(8)),
  'other numbers': new Float64Array([1, 2, 3]),
  'bigints in an array': Object.defineProperty(new BigInt64Array(2), Symbol.toStringTag, { value: 'Uint8Array' }),
  'no bytes': new Uint8Array(),
  'detached bytes': detached(),
  'bytes whose tag throws': subclass(Symbol.toStringTag, fail('toStringTag')),
  'bytes whose length throws': subclass('length', fail('length')),
  'bytes whose byteLength throws': subclass('byteLength', fail('byteLength')),
  'bytes of a false length': subclass('length', () => 2 ** 31),
  'bytes of a false byteLength': subclass('byteLength', () => -1),
  'huge bytes': new Uint8Array(2 ** 32),
  'an object of another realm': vm.runInNewContext('({ sub: 1 })'),
  'a window of another realm': vm.createContext(),
  globalThis,
};
