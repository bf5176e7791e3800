// A tool made with PyPI's PyLTI1p3 as it comes, which is a program of its own.
import { fileURLToPath } from 'node:url';
import { pythonSet } from '../../../scripts/setup/python.mjs';
import { startServer } from '../../package/processes.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const set = pythonSet(file('requirements.txt'), { name: 'pylti1p3', cost: 'usually 10 seconds, about 50 MB' });

/** Resolves to {url, jwks, close()}. */
export async function startPyLti() {
  set.install();
  // It ends when its input does, so when this process does, however that is.
  const options = { stdio: ['pipe', 'pipe', 'pipe'] };
  const { found: url, end } = await startServer(set.program(), [file('pylti1p3_tool.py')], /tool at (\S+)\n/, options);
  const answer = await fetch(`${url}/jwks`);
  return { url, jwks: await answer.json(), close: end };
}
