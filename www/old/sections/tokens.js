// Canvas tokens: what Canvas gives a person's access token. Created, refreshed, and read.
import { defaultSeeds } from '../package.js';
import { keysOfCanvasJwt, keysOfInstAccess } from '../emulator.js';
import { secretField } from '../fields/secret.js';
import { serverChoice } from '../fields/server.js';
import { callingIn } from '../show/calling.js';
import { byId } from '../show/element.js';
import { handOver } from '../show/go.js';
import { facts, members } from '../show/members.js';
import { resultOf } from '../show/result.js';
import { dateOf } from '../show/time.js';
import { tokenText } from '../show/token.js';

const { accessTokens: [{ token: accessToken }], courses: [course] } = defaultSeeds;

/** @param inspect shows a token in full */
export function startTokens({ inspect }) {
  const form = byId('tokens-form');
  const result = resultOf('tokens');
  const calling = callingIn(result);
  const server = serverChoice('tokens');
  const bearer = secretField('tokens-bearer');
  const [workflows, contextType, contextId, audience, jwt] =
    ['workflows', 'context-type', 'context-id', 'audience', 'jwt'].map((name) => byId(`tokens-${name}`));
  bearer.value = accessToken;
  contextId.value = course.id;

  const canvas = () => server.canvas(bearer.value.trim());

  function params() {
    const names = workflows.value.split(/[\s,]+/).filter(Boolean);
    return {
      ...(names.length && { workflows: names }),
      ...(contextType.value && { contextType: contextType.value, contextId: contextId.value.trim() }),
      canvasAudience: audience.checked,
    };
  }

  // The emulator's keys are asked for before the answer is shown, as a button has to do its work at once.
  async function withKeys(asked, keysOf) {
    const token = await asked;
    return { token, keys: server.isServer() ? null : await keysOf(token.token) };
  }

  const show = (line, title) => ({ token: { token, encrypted, claims, expiresAt }, keys }) => result.answer(
    line,
    tokenText(
      title,
      token,
      handOver('Inspect', 'inspect', () => inspect({ token })),
      keys && handOver("Inspect with the emulator's keys", 'inspect', () => inspect({ token, ...keys })),
    ),
    facts([
      ['Encrypted', encrypted ? 'yes, its claims cannot be read here' : 'no, only signed'],
      ['Expires', dateOf(expiresAt)],
    ]),
    ...(claims ? [members('Claims', claims)] : []),
  );

  function shownJwt(line) {
    return (answer) => {
      jwt.value = answer.token.token;
      show(line, 'Canvas JWT')(answer);
    };
  }

  const create = async () => withKeys(canvas().createJwt(params()), keysOfCanvasJwt);
  const refresh = async () => withKeys(canvas().refreshJwt(jwt.value.trim()), keysOfCanvasJwt);
  const createInstAccess = async () => withKeys(canvas().createInstAccessToken(), keysOfInstAccess);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    calling(create, shownJwt('Created.'));
  });
  byId('tokens-refresh').addEventListener('click', () => calling(refresh, shownJwt('Refreshed.')));
  byId('tokens-inst-access').addEventListener('click', () =>
    calling(createInstAccess, show('Created.', 'InstAccess token')));
}
