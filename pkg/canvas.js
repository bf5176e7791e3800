// The class holds the options; everything else is the core's, whose methods have numbers.
import * as core from './wasm/core_bg.js';

export class Canvas {
  #options;

  constructor(options) {
    this.#options = core.canvasOptions(options);
  }

  #call(method, options, ids, given) { return core.callCanvas(this.#options, method, options, ids, given); }

  createJwt(params, options) { return this.#call(0, options, undefined, params); }
  refreshJwt(jwt, options) { return this.#call(1, options, undefined, jwt); }
  createInstAccessToken(options) { return this.#call(2, options); }

  toolConsumerProfile(context, profileId, options) { return this.#call(3, options, context, profileId); }
  registerToolProxy(context, toolProxy, options) { return this.#call(4, options, context, toolProxy); }

  createOriginalityReport(path, report, options) { return this.#call(5, options, path, report); }
  updateOriginalityReport(path, report, options) { return this.#call(6, options, path, report); }
  originalityReport(path, options) { return this.#call(7, options, path); }

  createSubscription(subscription, options) { return this.#call(8, options, undefined, subscription); }
  updateSubscription(id, subscription, options) { return this.#call(9, options, id, subscription); }
  subscription(id, options) { return this.#call(10, options, id); }
  subscriptions(page, options) { return this.#call(11, options, undefined, page); }
  deleteSubscription(id, options) { return this.#call(12, options, id); }

  submission(path, options) { return this.#call(13, options, path); }
  submissionHistory(path, options) { return this.#call(14, options, path); }
  user(id, options) { return this.#call(15, options, id); }
  groupUsers(groupId, options) { return this.#call(16, options, groupId); }
}
