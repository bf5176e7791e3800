// The class holds the options; everything else is the core's, whose methods have numbers.
import * as core from './wasm/core_bg.js';

export class Canvas {
  #options;

  constructor(options) {
    this.#options = core.canvasOptions(options);
  }

  #call(method, ids, given, options) { return core.callCanvas(this.#options, method, ids, given, options); }

  createJwt(params, options) { return this.#call(0, undefined, params, options); }
  refreshJwt(jwt, options) { return this.#call(1, undefined, jwt, options); }
  createInstAccessToken(options) { return this.#call(2, undefined, undefined, options); }

  toolConsumerProfile(context, profileId, options) { return this.#call(3, context, profileId, options); }
  registerToolProxy(context, toolProxy, options) { return this.#call(4, context, toolProxy, options); }

  createOriginalityReport(path, report, options) { return this.#call(5, path, report, options); }
  updateOriginalityReport(path, report, options) { return this.#call(6, path, report, options); }
  originalityReport(path, options) { return this.#call(7, path, undefined, options); }

  createSubscription(subscription, options) { return this.#call(8, undefined, subscription, options); }
  updateSubscription(id, subscription, options) { return this.#call(9, id, subscription, options); }
  subscription(id, options) { return this.#call(10, id, undefined, options); }
  subscriptions(page, options) { return this.#call(11, undefined, page, options); }
  deleteSubscription(id, options) { return this.#call(12, id, undefined, options); }

  submission(path, options) { return this.#call(13, path, undefined, options); }
  submissionHistory(path, options) { return this.#call(14, path, undefined, options); }
  user(id, options) { return this.#call(15, id, undefined, options); }
  groupUsers(groupId, options) { return this.#call(16, groupId, undefined, options); }
}
