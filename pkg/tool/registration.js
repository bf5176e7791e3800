// Dynamic registration: who may register the tool is decided before anything is fetched.
import { isTokenError, register } from 'canvas-lms-tokens';
import { argument, failure } from './failure.js';
import { FUNCTION, OBJECT, TEXTS, isLocal, read } from './options.js';
import { registeredPage } from './pages.js';

const HOSTS = ['*.instructure.com', '*.canvaslms.com'];
const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const CHECKS = { tool: OBJECT, hosts: TEXTS, approve: FUNCTION, registered: FUNCTION };

/** A handler of GET requests with `openid_configuration` and `registration_token` in the query. */
export function createRegistration(options, { paths, sending }) {
  const { tool, hosts = HOSTS, approve, registered } = read(options, 'options.registration', CHECKS, ['tool', 'approve', 'registered']);
  const patterns = hosts.map(patternOf);
  const isListed = (url) => patterns.some((pattern) => pattern.test(url.host));

  /** The URL, if its host is on the list; whoever opens the page says what it is. */
  function listed(text, what) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)));
    if (!isSafe || url.username || url.password) throw failure('ERR_LTI_LOGIN_INVALID', `${what}: no https URL`, { at: what });
    if (!isListed(url)) {
      throw failure('ERR_LTI_PLATFORM_UNKNOWN', `${what}: ${url.host} is not one of the hosts that this tool registers with`, { at: what });
    }
    return url;
  }

  return async (request, { searchParams }, origin, says) => {
    const only = (name) => {
      const values = searchParams.getAll(name);
      if (values.length > 1) throw failure('ERR_LTI_LOGIN_INVALID', `${name}: it stands twice`, { at: name });
      return values[0];
    };
    const [text, registrationToken] = ['openid_configuration', 'registration_token'].map(only);
    if (text === undefined) throw failure('ERR_LTI_LOGIN_INVALID', 'openid_configuration: absent', { at: 'openid_configuration' });
    const configuration = listed(text, 'openid_configuration');
    if (!(await approve(configuration, request))) {
      throw failure('ERR_FORBIDDEN', `the tool does not agree to be registered with ${configuration.host}`);
    }
    const { platform, registration } = await send({
      openidConfiguration: configuration.href, registrationToken, local: isLocal(configuration),
      tool: configurationOf(tool, origin, paths),
    });
    await registered(platform, registration);
    return registeredPage(says);
  };

  /** Registers; what the configuration names is held to the list, too, before it is asked. */
  async function send(what) {
    const ended = new AbortController();
    const fetchOf = sending.fetch ?? fetch;
    const guarded = async (input, init) => {
      try {
        listed(String(input?.url ?? input), 'registration_endpoint');
      } catch (error) {
        ended.abort(error);
        throw error;
      }
      return fetchOf(input, init);
    };
    try {
      return await register({ ...sending, ...what, fetch: guarded, signal: ended.signal });
    } catch (error) {
      throw isTokenError(error) && ended.signal.aborted ? ended.signal.reason : error;
    }
  }
}

/** A pattern of the list: a host with its port, or `*.` and what all of its hosts end with. */
function patternOf(host) {
  const [, star, name] = /^(\*\.)?((?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)$/i.exec(host) ?? [];
  if (!name) throw argument('options.registration.hosts', `${JSON.stringify(host.slice(0, 100))}, expected a host such as *.instructure.com`);
  const escaped = name.toLowerCase().replace(/[.[\]-]/g, '\\$&');
  return new RegExp(`^${star ? '(?:[a-z0-9-]+\\.)+' : ''}${escaped}$`);
}

/** What the tool registers with: its own addresses, unless it says others. */
const configurationOf = (tool, origin, paths) => ({
  initiate_login_uri: origin + paths.login, redirect_uris: [origin + paths.launch], jwks_uri: origin + paths.jwks, ...tool,
  [TOOL_CONFIGURATION]: { domain: new URL(origin).host, target_link_uri: origin + paths.launch, ...tool[TOOL_CONFIGURATION] },
});
