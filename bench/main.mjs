// The suite in Node, Deno or Bun: prints its results.
import { everywhere } from './libraries.mjs';
import { onNode } from './node-libraries.mjs';
import { openSuite } from './suite.mjs';

const { bun, deno, node } = process.versions;
const suite = await openSuite([everywhere, onNode], process.argv[2]);
const operations = [];
for (const name of suite.names) {
  console.error(`  ${name}`);
  operations.push(await suite.run(name));
}
const runtime = (bun && `Bun ${bun}`) ?? (deno && `Deno ${deno}`) ?? `Node.js ${node}`;
console.log(JSON.stringify({ runtime, operations }));
