// The types of every entry, found in the installed package as TypeScript finds them; the names are those that are there.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { output } from './processes.mjs';
import { NAME, makeProject } from './project.mjs';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const CONSUMER = `
import { decode, type DecodedToken } from '${NAME}';
import * as slim from '${NAME}/slim';
import { createEmulator, type Emulator } from '${NAME}/emulator';
import { platformStorage, type PlatformStorage } from '${NAME}/platform-storage';
import { createTool, memoryStore, type Tool } from '${NAME}/tool';

export const decoded: DecodedToken = decode('');
export const same: typeof decode = slim.decode;
export const emulator: Emulator = createEmulator();
export const storage: PlatformStorage = platformStorage({ target: '_parent', origin: 'https://school.example' }, { timeout: 1 });
export const stored: Promise<string | null> = storage.get('key');
export const put: Promise<void> = storage.put('key', null);
export const tool: Tool = createTool({
  platforms: [], keys: [{ kty: 'RSA' }], secret: '', store: memoryStore(),
  onLaunch: async (launch, { services }) => new Response(String(launch.user?.name) + services.lineItems('')),
  registration: {
    tool: { client_name: 'Tool', 'https://purl.imsglobal.org/spec/lti-tool-configuration': { messages: [], claims: [] } },
    approve: (url, request) => url.host === request.url,
    registered: async ({ clientId }) => console.log(clientId),
  },
});
export const handled: Promise<Response | null> = tool.handle(new Request('https://tool.example/'));
export const answer: Promise<Response> = emulator.fetch('https://school.example/');
// @ts-expect-error
decode(1);
// @ts-expect-error
slim.decode();
// @ts-expect-error
createEmulator({ seed: [] });
// @ts-expect-error
platformStorage({ target: '_parent' });
// @ts-expect-error
storage.put('key', 5);
// @ts-expect-error
createTool({ platforms: [], keys: [], secret: '', onLaunch: () => new Response() });
// @ts-expect-error
tool.services({});
`;

// {way: [options, file]}
const WAYS = {
  'nodenext, import': [{ module: 'nodenext' }, 'consumer.mts'],
  'nodenext, require': [{ module: 'nodenext' }, 'consumer.cts'],
  bundler: [{ module: 'esnext', moduleResolution: 'bundler' }, 'consumer.ts'],
  ...Object.fromEntries(['browser', 'workerd', 'edge-light', 'deno', 'module'].map((condition) => {
    const options = { module: 'esnext', moduleResolution: 'bundler', customConditions: [condition] };
    return [`bundler, ${condition}`, [options, 'consumer.ts']];
  })),
};

let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

for (const [way, [options, file]] of Object.entries(WAYS)) {
  test(`types under ${way}`, async () => {
    const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], ...options };
    writeFileSync(join(project.folder, file), CONSUMER);
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    await output(process.execPath, [tsc, '-p', project.folder], { cwd: project.folder });
  });
}

for (const name of ['emulator', 'tool']) test(`${name} exports what its types declare`, async () => {
  const types = readFileSync(join(project.installed, `${name}.d.ts`), 'utf8');
  const declared = [...types.matchAll(/^export (?:function|class|const) (\w+)/gm)].map(([, declares]) => declares);
  const entry = await import(pathToFileURL(join(project.installed, `${name}.js`)));
  assert.deepEqual(Object.keys(entry).sort(), declared.sort());
});
