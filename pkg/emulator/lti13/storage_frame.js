// Platform storage: the frame that tools post to, and the script of the page around it, which keeps what they put.

import { refusal } from '../answers.js';
import { signHmac, verifyHmac } from '../jose.js';
import { checkNames, OPTIONS } from '../known.js';
import { page, scriptJson } from './html.js';
import { STORAGE_TARGET } from './launches.js';

// At the authorization endpoint's origin. It says where a message came from, and carries the answer back.
const FORWARDING = `
const windows = [];
addEventListener('message', (event) => {
  let message = event.data;
  try {
    if (typeof message === 'string') message = JSON.parse(message);
  } catch {
    return;
  }
  if (message === null || typeof message !== 'object') return;
  if (event.origin === PARENT_ORIGIN && event.source === parent) {
    const { sourceToolInfo, ...answer } = message;
    if (sourceToolInfo) windows[sourceToolInfo.windowId]?.postMessage(answer, sourceToolInfo.origin);
    return;
  }
  let windowId = windows.indexOf(event.source);
  if (windowId < 0) windowId = windows.push(event.source) - 1;
  parent.postMessage({ ...message, sourceToolInfo: { origin: event.origin, windowId } }, PARENT_ORIGIN);
});`;

// In Canvas's page: localStorage, a partition for each origin of a tool. The limits are counted from the page's load.
const STORAGE = `
(() => {
  const KEYS = 500;
  const CHARACTERS = 4096;
  const STORED = ['lti.get_data', 'lti.put_data'];
  const SUBJECTS = [
    'lti.close', 'lti.enableScrollEvents', 'lti.fetchWindowSize', 'lti.frameResize', 'lti.hideRightSideWrapper',
    'lti.removeUnloadMessage', 'lti.resourceImported', 'lti.screenReaderAlert', 'lti.scrollToTop', 'lti.setUnloadMessage',
    'lti.showAlert', 'lti.showModuleNavigation', 'lti.capabilities', ...STORED, 'lti.getPageContent', 'lti.getPageSettings',
    'requestFullWindowLaunch', 'toggleCourseNavigationMenu', 'showNavigationMenu', 'hideNavigationMenu',
  ];
  const IGNORED = ['LtiDeepLinkingResponse', 'externalContentReady', 'externalContentCancel'];
  const used = new Map();

  const problem = (code, message) => ({ error: message ? { code, message } : { code } });
  const entry = (origin, key) => 'lti|platform_storage|' + origin + '|' + key;
  const usage = (origin) => {
    if (!used.has(origin)) used.set(origin, { keys: 0, characters: 0 });
    return used.get(origin);
  };

  function put(origin, key, value) {
    const usedBy = usage(origin);
    const length = key.length + value.length;
    if (usedBy.keys >= KEYS) return problem('storage_exhaustion', 'Reached key limit for tool');
    if (usedBy.characters + length > CHARACTERS) return problem('storage_exhaustion', 'Reached byte limit for tool');
    usedBy.keys += 1;
    usedBy.characters += length;
    localStorage.setItem(entry(origin, key), value);
    return { key, value };
  }

  function remove(origin, key) {
    const value = localStorage.getItem(entry(origin, key));
    if (value) {
      const usedBy = usage(origin);
      usedBy.keys = Math.max(0, usedBy.keys - 1);
      usedBy.characters = Math.max(0, usedBy.characters - key.length - value.length);
      localStorage.removeItem(entry(origin, key));
    }
    return { key };
  }

  function storage(subject, { key, value, message_id }, origin) {
    if (!key) return problem('bad_request', "Missing required 'key' field");
    if (!message_id) return problem('bad_request', "Missing required 'message_id' field");
    if (subject === 'lti.get_data') return { key, value: localStorage.getItem(entry(origin, key)) };
    return value ? put(origin, key, value) : remove(origin, key);
  }

  function answerTo(subject, message, origin) {
    if (!SUBJECTS.includes(subject)) return problem('unsupported_subject');
    if (STORED.includes(subject)) return storage(subject, message, origin);
    if (subject === 'lti.capabilities') {
      return {
        supported_messages: SUBJECTS.map((name) => (STORED.includes(name) ? { subject: name, frame: FRAME } : { subject: name })),
      };
    }
    if (subject === 'lti.fetchWindowSize') return { height: innerHeight, width: innerWidth, scrollY };
    if (subject === 'lti.getPageContent') return problem('unauthorized');
    if (subject === 'lti.getPageSettings') {
      const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      return { pageSettings: { locale: 'en', time_zone, use_high_contrast: false, active_brand_config_json_url: null } };
    }
    return {};
  }

  addEventListener('message', (event) => {
    let message = event.data;
    try {
      if (typeof message === 'string') message = JSON.parse(message);
    } catch {
      return;
    }
    if (message === null || typeof message !== 'object' || event.source === window) return;
    const subject = message.subject || message.messageType;
    if (subject === undefined || IGNORED.includes(subject) || String(subject).endsWith('.response')) return;
    // What is said of a tool counts from our own frame alone.
    const isForwarded = message.sourceToolInfo && event.source === frames[FRAME] && event.origin === FRAME_ORIGIN;
    const origin = isForwarded ? message.sourceToolInfo.origin : event.origin;
    let content;
    try {
      content = answerTo(subject, message, origin);
    } catch (error) {
      content = problem('error', error.message);
    }
    const { message_id } = message;
    event.source.postMessage({
      subject: subject + '.response',
      ...(message_id && { message_id }),
      ...(isForwarded && { sourceToolInfo: message.sourceToolInfo }),
      ...content,
    }, event.origin);
  });

  if (!document.querySelector('iframe[name="' + FRAME + '"]')) {
    const frame = document.createElement('iframe');
    Object.assign(frame, { name: FRAME, id: FRAME, title: FRAME, hidden: true, src: FRAME_URL });
    (document.body ?? document.documentElement).append(frame);
  }
})();`;

/** For a page that embeds a tool, at the institution's origin: the storage, and the frame that tools reach it by. */
export function platformStorageScript(canvas, options = {}) {
  checkNames(options, OPTIONS.script, 'where');
  const { authUrl = canvas.authUrl } = options;
  const constants = { FRAME: STORAGE_TARGET, FRAME_ORIGIN: new URL(authUrl).origin, FRAME_URL: '/post_message_forwarding' };
  const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${scriptJson(value)};`);
  return `{\n${lines.join('\n')}${STORAGE}\n}`;
}

/** GET /post_message_forwarding: from the institution to the authorization endpoint's origin, with whose page it is for. */
export async function forwardingFrame(canvas, call) {
  const origin = canvas.authUrlFor(call.url.origin);
  if (call.url.origin !== origin) {
    const token = await signHmac({ parent_origin: call.url.origin }, canvas.secrets.encryptionKey);
    const location = `${origin}/post_message_forwarding?${new URLSearchParams({ token })}`;
    return { status: 302, headers: { location, 'content-type': 'text/html; charset=utf-8' }, text: '' };
  }
  const parent = await parentOf(canvas, call);
  const script = `<script>\nconst PARENT_ORIGIN = ${scriptJson(parent)};${FORWARDING}\n</script>`;
  return page(200, STORAGE_TARGET, script, { 'content-security-policy': `frame-ancestors 'self' ${parent}` });
}

async function parentOf(canvas, call) {
  const { token } = call.params;
  if (token === undefined) return call.url.origin;
  const claims = await verifyHmac(token, canvas.secrets.encryptionKey).catch((error) => {
    throw refusal(page(400, 'Bad Request', '<p>Bad Request</p>'), error.message);
  });
  return claims.parent_origin;
}
