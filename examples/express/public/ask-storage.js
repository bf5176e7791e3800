// The answer to a launch without its cookie: gets from Canvas's storage what the login left there, and posts the launch again.
import { platformStorage } from '/platform-storage.js';

const storage = JSON.parse(document.body.dataset.storage);
const form = document.forms[0];
// Without it, the tool says why it refuses the launch.
form.elements.stored.value = (await platformStorage(storage).get(storage.key).catch(console.warn)) ?? '';
form.submit();
