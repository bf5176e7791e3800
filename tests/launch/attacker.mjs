// Somebody who means harm: has a launch of his own, and a site that brings it into other browsers.
import { CLIENT_ID } from './world.mjs';

export const ATTACKER = 3;

/**
 * What the attacker gets with a program of his own: a login, and the launch that Canvas posts after it. `read` finds {storage, url} in
 * the page that the tool answers the login with.
 */
export async function attackersLaunch(world, read) {
  const { url, form, cookie } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: ATTACKER, courseId: 1 });
  const login = await world.fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const { storage, url: next } = read(await login.text());
  const { form: { id_token, state } } = await world.emulator.authorize(next, { cookie });
  return { fields: { id_token, state, lti_storage_target: storage.target }, storage, cookie: login.headers.get('set-cookie'), login: { url, form } };
}

/** A page with a form that posts itself. */
export const posts = (action, fields, { target = '_self', more = '' } = {}) => `<!doctype html>
<meta charset="utf-8">
${more}
<form method="post" action="${action}" target="${target}"></form>
<script>
  const form = document.querySelector('form');
  for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  form.submit();
</script>`;

/** The script of a page that answers what it is asked, as the platform's storage would. */
export const playsStorage = (value) => `<script>
  addEventListener('message', ({ source, data }) => {
    top.heard = (top.heard ?? 0) + 1;
    source.postMessage({ subject: data.subject + '.response', message_id: data.message_id, value: ${JSON.stringify(value)} }, '*');
  });
</script>`;
