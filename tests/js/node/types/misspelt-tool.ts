// Names that a tool of one handler does not know, each where an object is taken, and values of the wrong kind.
import { canvasPlatform, type Launch } from 'canvas-lms-tokens';
import {
  TokensDurableObject, createTool, durableObjectStore, memoryStore, redisStore, unstorageStore,
  type TokensNamespace, type Tool, type ToolContext, type ToolOptions, type UnstorageLike,
} from 'canvas-lms-tokens/tool';

const platforms = canvasPlatform({ clientId: '10000000000042' });
const onLaunch = (): Response => new Response('');
const store = memoryStore();
const options: ToolOptions = { platforms, keys: [{ pem: '' }], secret: '', store, onLaunch };
const approve = (): boolean => true;
const registered = (): void => {};
const wrong = 1;

export function functions(namespace: TokensNamespace, storage: UnstorageLike): void {
  createTool(options);
  // @ts-expect-error
  createTool({ ...options, wrong });
  // @ts-expect-error
  memoryStore({ wrong });
  // @ts-expect-error
  redisStore(async () => 'OK', { wrong });
  // @ts-expect-error
  durableObjectStore(namespace, { wrong });
  // @ts-expect-error
  unstorageStore({ getItem: storage.getItem, setItem: storage.setItem, wrong });
  // @ts-expect-error Paths of the tool have names of their own.
  createTool({ ...options, paths: { logon: '/login' } });
  // @ts-expect-error
  createTool({ ...options, texts: { wrong } });
  // @ts-expect-error
  createTool({ ...options, texts: { failures: { ERR_STORES: ['', ''] } } });
  // @ts-expect-error
  createTool({ ...options, registration: { tool: {}, approve, registered, wrong } });
  // @ts-expect-error
  createTool({ ...options, registration: { tool: { 'https://purl.imsglobal.org/spec/lti-tool-configuration': { wrong } }, approve, registered } });
}

export function methods(tool: Tool, context: ToolContext, launch: Launch): void {
  // @ts-expect-error
  tool.startSession(launch, { wrong });
  // @ts-expect-error
  context.startSession(launch, { wrong });
  // @ts-expect-error
  tool.deepLink(launch, [], { wrong });
  // @ts-expect-error
  context.deepLink([], { wrong });
}

export function kinds(namespace: object): void {
  // @ts-expect-error One key is a list of one.
  createTool({ ...options, keys: { pem: '' } });
  // @ts-expect-error
  createTool({ ...options, keys: [wrong] });
  // @ts-expect-error
  createTool({ ...options, secret: wrong });
  // @ts-expect-error
  createTool({ ...options, store: memoryStore });
  // @ts-expect-error
  createTool({ ...options, onLaunch: () => 'a page' });
  // @ts-expect-error
  createTool({ ...options, onNotice: () => new Response('') });
  // @ts-expect-error
  createTool({ ...options, origin: new URL('https://tool.example') });
  // @ts-expect-error
  createTool({ ...options, claimNonce: true });
  // @ts-expect-error
  createTool({ ...options, registration: { tool: {}, registered } });
  // @ts-expect-error
  redisStore((command: string) => Promise.resolve(command));
  // @ts-expect-error
  durableObjectStore(namespace);
  // @ts-expect-error The platform alone has what it is made of.
  new TokensDurableObject();
}
