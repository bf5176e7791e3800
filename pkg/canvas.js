// The class holds the options; everything else is the core's.
import * as core from './wasm/core_bg.js';

export class Canvas {
  #options;

  constructor(options) {
    this.#options = core.canvasOptions(options);
  }

  createJwt(params, options) { return core.createJwt(this.#options, params, options); }
  refreshJwt(jwt, options) { return core.refreshJwt(this.#options, jwt, options); }
  createInstAccessToken(options) { return core.createInstAccessToken(this.#options, options); }

  toolConsumerProfile(context, profileId, options) {
    return core.toolConsumerProfile(this.#options, context, profileId, options);
  }
  registerToolProxy(context, toolProxy, options) {
    return core.registerToolProxy(this.#options, context, toolProxy, options);
  }

  createOriginalityReport(path, report, options) {
    return core.createOriginalityReport(this.#options, path, report, options);
  }
  updateOriginalityReport(path, report, options) {
    return core.updateOriginalityReport(this.#options, path, report, options);
  }
  originalityReport(path, options) { return core.originalityReport(this.#options, path, options); }

  createSubscription(subscription, options) { return core.createSubscription(this.#options, subscription, options); }
  updateSubscription(id, subscription, options) {
    return core.updateSubscription(this.#options, id, subscription, options);
  }
  subscription(id, options) { return core.subscription(this.#options, id, options); }
  subscriptions(page, options) { return core.subscriptions(this.#options, page, options); }
  deleteSubscription(id, options) { return core.deleteSubscription(this.#options, id, options); }

  submission(path, options) { return core.submission(this.#options, path, options); }
  submissionHistory(path, options) { return core.submissionHistory(this.#options, path, options); }
  user(id, options) { return core.user(this.#options, id, options); }
  groupUsers(groupId, options) { return core.groupUsers(this.#options, groupId, options); }
}
