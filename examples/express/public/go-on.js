// The answer to the login: leaves in Canvas's storage what binds the launch to this browser, and goes on to Canvas.
import { platformStorage } from '/platform-storage.js';

const { storage, url } = JSON.parse(document.body.dataset.login);
// Where the storage fails, there may still be the cookie.
if (storage) await platformStorage(storage).put(storage.key, storage.value).catch(console.warn);
location.replace(url);
