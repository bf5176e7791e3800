// npm run docs: the API reference, as HTML, of the types that the package publishes. npm run docs -- OPTION... passes
// options on to TypeDoc.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageSet } from './setup/npm.mjs';
import { exitWith, root, run } from './setup/shell.mjs';

// In a place of its own, as TypeDoc asks for an older TypeScript than the project's.
const settings = fileURLToPath(new URL('docs/', import.meta.url));
const tools = packageSet(settings, { name: 'docs-tools', cost: 'usually 10 seconds, about 50 MB' });

await exitWith(() => {
  tools.install();
  const typedoc = join(tools.folder, 'node_modules', 'typedoc', 'bin', 'typedoc');
  const options = ['--options', join(settings, 'typedoc.json'), '--out', join(root, 'target', 'docs')];
  // It fails where an export has no documentation, and where a link leads nowhere.
  run(process.execPath, [typedoc, ...options, ...process.argv.slice(2)]);
});
