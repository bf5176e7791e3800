// Asking a store again where an answer was lost: only for what says the same however often it is asked.

const TRIES = 3;
const MILLISECONDS = 50;

/** What `ask` resolves to; after it has failed it is called again, unless the error says not to. */
export async function again(ask) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES || error?.overloaded) throw error;
      await new Promise((done) => { setTimeout(done, MILLISECONDS * tries); });
    }
  }
}
