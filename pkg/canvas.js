// The class holds the options; each method calls the core's function of its name.
import * as core from './wasm/core_bg.js';

export class Canvas {
  #options;

  constructor(options) {
    this.#options = core.canvasOptions(options);
  }

  createJwt(params, options) { return core.createJwt(this.#options, options, params); }
  refreshJwt(jwt, options) { return core.refreshJwt(this.#options, options, jwt); }
  createInstAccessToken(options) { return core.createInstAccessToken(this.#options, options); }

  toolConsumerProfile(context, profileId, options) {
    return core.toolConsumerProfile(this.#options, options, context, profileId);
  }
  registerToolProxy(context, toolProxy, options) { return core.registerToolProxy(this.#options, options, context, toolProxy); }

  createOriginalityReport(path, report, options) { return core.createOriginalityReport(this.#options, options, path, report); }
  updateOriginalityReport(path, report, options) { return core.updateOriginalityReport(this.#options, options, path, report); }
  originalityReport(path, options) { return core.originalityReport(this.#options, options, path); }

  createSubscription(subscription, options) { return core.createSubscription(this.#options, options, subscription); }
  updateSubscription(id, subscription, options) { return core.updateSubscription(this.#options, options, id, subscription); }
  subscription(id, options) { return core.subscription(this.#options, options, id); }
  subscriptions(page, options) { return core.subscriptions(this.#options, options, page); }
  deleteSubscription(id, options) { return core.deleteSubscription(this.#options, options, id); }

  submission(path, options) { return core.submission(this.#options, options, path); }
  submissionHistory(path, options) { return core.submissionHistory(this.#options, options, path); }
  user(id, options) { return core.user(this.#options, options, id); }
  groupUsers(groupId, options) { return core.groupUsers(this.#options, options, groupId); }
}
