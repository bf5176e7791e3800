// The emulator in this page, one for all views; import() this file, so that it is loaded when it is needed.
import { createEmulator } from 'canvas-lms-tokens/emulator';

export { defaultSecrets, defaultSeeds } from 'canvas-lms-tokens/emulator';

/** Where it is reached; it answers for every host. */
export const EMULATED = 'https://school.example';

export const emulator = createEmulator({ baseUrl: EMULATED });
