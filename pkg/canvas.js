// The class holds the options; each method calls the core's function of its name.
import { called, promised } from './calls.js';
import * as core from './wasm/core_bg.js';

export class Canvas {
  #options;

  constructor(options) {
    this.#options = called(core.canvasOptions, [options]);
  }

  createJwt(params, options) { return promised(core.createJwt, [this.#options, options, params]); }
  refreshJwt(jwt, options) { return promised(core.refreshJwt, [this.#options, options, jwt]); }
  createInstAccessToken(options) { return promised(core.createInstAccessToken, [this.#options, options]); }

  toolConsumerProfile(context, profileId, options) {
    return promised(core.toolConsumerProfile, [this.#options, options, context, profileId]);
  }
  registerToolProxy(context, toolProxy, options) { return promised(core.registerToolProxy, [this.#options, options, context, toolProxy]); }

  createOriginalityReport(path, report, options) { return promised(core.createOriginalityReport, [this.#options, options, path, report]); }
  updateOriginalityReport(path, report, options) { return promised(core.updateOriginalityReport, [this.#options, options, path, report]); }
  originalityReport(path, options) { return promised(core.originalityReport, [this.#options, options, path]); }

  createSubscription(subscription, options) { return promised(core.createSubscription, [this.#options, options, subscription]); }
  updateSubscription(id, subscription, options) { return promised(core.updateSubscription, [this.#options, options, id, subscription]); }
  subscription(id, options) { return promised(core.subscription, [this.#options, options, id]); }
  subscriptions(page, options) { return promised(core.subscriptions, [this.#options, options, page]); }
  deleteSubscription(id, options) { return promised(core.deleteSubscription, [this.#options, options, id]); }

  submission(path, options) { return promised(core.submission, [this.#options, options, path]); }
  submissionHistory(path, options) { return promised(core.submissionHistory, [this.#options, options, path]); }
  user(id, options) { return promised(core.user, [this.#options, options, id]); }
  groupUsers(groupId, options) { return promised(core.groupUsers, [this.#options, options, groupId]); }
}
