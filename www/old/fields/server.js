// Who answers a section's calls: the emulator in this page, or a server at a base URL.
import { Canvas } from '../package.js';
import { EMULATED, emulator } from '../emulator.js';
import { byId } from '../show/element.js';

/** @param section the id that the fields' ids begin with */
export function serverChoice(section) {
  const [emulated, server, base, field] =
    ['emulator', 'server', 'base', 'base-field'].map((name) => byId(`${section}-${name}`));
  let host = EMULATED;

  const update = () => void (field.hidden = !server.checked);
  for (const radio of [emulated, server]) radio.addEventListener('change', update);
  update();

  return {
    isServer: () => server.checked,
    base: () => (server.checked ? base.value.trim() : host),
    fetch: () => (server.checked ? {} : { fetch: emulator.fetch }),

    canvas(accessToken) {
      return new Canvas({ baseUrl: this.base(), accessToken, ...this.fetch() });
    },

    /** Takes over another section's choice. */
    choose(isServer, url) {
      (isServer ? server : emulated).checked = true;
      if (isServer) base.value = url;
      else host = url;
      update();
    },
  };
}
