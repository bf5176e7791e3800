// How many keys the platform is asked to import, in the file that imports this one.
import { afterEach, beforeEach } from 'node:test';

const { subtle } = globalThis.crypto;
const genuine = subtle.importKey;
export let imports = 0;

beforeEach(() => {
  imports = 0;
  subtle.importKey = (...args) => {
    imports += 1;
    return genuine.apply(subtle, args);
  };
});
afterEach(() => delete subtle.importKey);
