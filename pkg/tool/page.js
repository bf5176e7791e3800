// What runs in the browser, in the pages of pages.js: the build makes one script of it, which they carry.
import { platformStorage } from '../platform-storage.js';

const given = JSON.parse(document.getElementById('lti').textContent);
// The logins that this tab began: where Canvas's own cookies are blocked, one can be begun again in a window.
const REMEMBERED = 'lti-logins';
const MOST = 10;

const show = (id) => {
  for (const section of document.querySelectorAll('section')) section.hidden = section.id !== id;
};

/** Whether the browser keeps a cookie here. A page's own tells of one that scripts cannot see, too. */
function keepsCookies() {
  const [name, value] = ['__Host-lti-probe', crypto.getRandomValues(new Uint32Array(4)).join('-')];
  const attributes = 'Path=/; SameSite=None; Secure; Partitioned';
  try {
    document.cookie = `${name}=${value}; ${attributes}`;
    const isKept = document.cookie.split('; ').includes(`${name}=${value}`);
    document.cookie = `${name}=; Max-Age=0; ${attributes}`;
    return isKept;
  } catch {
    // A frame that may have none at all.
    return false;
  }
}

/** What the tab remembers, as the browser may refuse it: pairs of a login's state and its parameters. */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED) ?? '[]');
  } catch {
    return [];
  }
}

function remember(state, parameters) {
  try {
    sessionStorage.setItem(REMEMBERED, JSON.stringify([...remembered(), [state, parameters]].slice(-MOST)));
  } catch (error) {
    console.warn(error);
  }
}

/** Fills and shows the form that begins the login again in a window. */
function offerWindow(parameters) {
  const form = document.getElementById('again');
  for (const [name, value] of new URLSearchParams(parameters)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  form.hidden = false;
  form.addEventListener('submit', () => setTimeout(show, 0, 'opened'));
}

const pages = {
  async login({ storage, url, parameters }) {
    remember(new URL(url).searchParams.get('state'), parameters);
    const put = () => platformStorage(storage).put(storage.key, storage.value).then(() => true, (error) => console.warn(error));
    const isPut = storage && await put();
    if (isPut || keepsCookies()) return location.replace(url);
    offerWindow(parameters);
    return show('blocked');
  },
  async storage({ storage }) {
    const { key, ...where } = storage;
    const form = document.getElementById('launch');
    try {
      const stored = platformStorage(where);
      form.elements.stored.value = await stored.get(key) ?? '';
      await stored.put(key, null);
    } catch (error) {
      console.warn(error);
      document.getElementById('code').textContent = `${error.code}: ${error.message}`;
      return show('failed');
    }
    return form.submit();
  },
  error({ state }) {
    const [, parameters] = remembered().find(([begun]) => begun === state) ?? [];
    if (parameters) offerWindow(parameters);
  },
  registered() {
    (window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
  },
};

pages[given.page](given);
