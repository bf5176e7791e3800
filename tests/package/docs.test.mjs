// The API reference: made without a warning, and with a page for every export.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/setup/shell.mjs';
import { output } from './processes.mjs';

const script = fileURLToPath(new URL('../../scripts/docs.mjs', import.meta.url));
const docs = (...options) => output(process.execPath, [script, ...options]);

function folder(t) {
  const made = mkdtempSync(join(tmpdir(), 'docs-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const KINDS = { class: 'classes', const: 'variables', function: 'functions', interface: 'interfaces', type: 'types' };
// {module: what npm publishes of it}
const MODULES = {
  'canvas-lms-tokens': ['wasm/types.d.ts', 'node.js'],
  'canvas-lms-tokens_emulator': ['emulator.d.ts', 'emulator.js'],
  'canvas-lms-tokens_tool': ['tool.d.ts', 'tool.js'],
};

test('every export has its page', async (t) => {
  const out = folder(t);
  await docs('--out', out);
  const pages = new Set(readdirSync(out, { recursive: true }).map((name) => name.replaceAll('\\', '/')));
  for (const [module, [types, code]] of Object.entries(MODULES)) {
    const text = readFileSync(join(root, 'pkg', types), 'utf8');
    const declared = [...text.matchAll(/^export (\w+) (\w+)/gm)].map(([, kind, name]) => [name, kind]);
    assert.ok(declared.length > 5);
    for (const [name, kind] of declared) assert.ok(pages.has(`${KINDS[kind]}/${module}.${name}.html`), `${kind} ${name}`);
    const exported = Object.keys(await import(new URL(`../../pkg/${code}`, import.meta.url)));
    assert.deepEqual(exported.filter((name) => !declared.some(([other]) => other === name)), []);
  }
  assert.match(readFileSync(join(out, 'functions', 'canvas-lms-tokens.decode.html'), 'utf8'), /Splits and parses a token/);
});

// Each would be a warning, and nothing is written with one.
const FAULTS = {
  'an export without documentation': 'export function wrap(text: string): string;',
  'a link that leads nowhere': '/** See {@link unwrap}. */\nexport function wrap(text: string): string;',
  'a type that is used and not exported':
    'interface Wrapped { text: string }\n/** Wraps. */\nexport function wrap(text: string): Wrapped;\nexport {};',
};
for (const [fault, text] of Object.entries(FAULTS)) {
  test(`${fault} is found`, async (t) => {
    const home = folder(t);
    writeFileSync(join(home, 'types.d.ts'), text);
    writeFileSync(join(home, 'tsconfig.json'), '{ "compilerOptions": { "types": [] }, "files": ["types.d.ts"] }');
    const options = ['--entryPoints', join(home, 'types.d.ts'), '--tsconfig', join(home, 'tsconfig.json')];
    await assert.rejects(docs(...options, '--out', join(home, 'out')), /1 warnings/);
    assert.ok(!existsSync(join(home, 'out', 'index.html')));
  });
}
