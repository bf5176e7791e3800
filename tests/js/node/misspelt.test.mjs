// Every exported function, with one misspelt name in each object that it takes: refused, with the name that was meant. It would
// be as one that was not given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported as api, tokenError } from './copies.mjs';
import { places } from './places.mjs';

// What takes no options: text, or an object that has whatever members its specification or its caller gives it.
const WITHOUT = ['decode', 'encryptedStore', 'isTokenError', 'parse', 'prepareSecret', 'stringify', 'thumbprint', 'unwrap', 'wrap'];

const table = Object.entries(places(api)).map(([name, calls]) => [name, calls.filter(([, , meant]) => meant !== undefined)]);

test('every function that takes options is in this table', () => {
  assert.deepEqual(table.filter(([, calls]) => calls.length === 0).map(([name]) => name).sort(), WITHOUT);
});

for (const [name, calls] of table.filter(([, found]) => found.length > 0)) {
  test(`${name} refuses a misspelt name`, async () => {
    for (const [place, call, meant] of calls) {
      const error = await (async () => call(1))().then(() => assert.fail(`${place} was taken`), (reason) => reason);
      tokenError(error);
      assert.equal(error.code, 'ERR_ARGUMENT', `${place}: ${error.message}`);
      assert.ok(error.at.endsWith(place.slice(place.lastIndexOf('.'))), `${place}: ${error.message}`);
      assert.match(error.message, /: unknown(, so that Canvas would drop it)?, expected /, place);
      if (meant) assert.ok(error.message.endsWith(`expected perhaps ${meant}`), `${place}: ${error.message}`);
    }
  });
}
