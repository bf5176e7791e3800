// The suite in a page, called by name from outside. As text: Firefox runs a script of the driver with other constructors.
import { everywhere } from './libraries.mjs';
import { openSuite } from './suite.mjs';

let suite;

globalThis.bench = {
  async open(length) {
    suite = await openSuite([everywhere], length);
    return JSON.stringify(suite.names);
  },
  run: async (name) => JSON.stringify(await suite.run(name)),
};
