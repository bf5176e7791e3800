// The class holds the options; each method calls the core's function of its name, or reads a list page by page.
import { called, promised } from './calls.js';
import * as core from './wasm/core_bg.js';

export class LtiServices {
  #options;

  constructor(options) {
    this.#options = called(core.servicesOptions, [options]);
  }

  static for(launch, options) { return new LtiServices(called(core.servicesOptionsOf, [launch, options])); }

  lineItems(url, filter, options) { return items((next) => promised(core.lineItemsPage, [this.#options, options, url, filter, next])); }
  lineItem(url, options) { return promised(core.lineItem, [this.#options, options, url]); }
  createLineItem(url, item, options) { return promised(core.createLineItem, [this.#options, options, url, item]); }
  updateLineItem(url, item, options) { return promised(core.updateLineItem, [this.#options, options, url, item]); }
  deleteLineItem(url, options) { return promised(core.deleteLineItem, [this.#options, options, url]); }
  postScore(lineItemUrl, score, options) { return promised(core.postScore, [this.#options, options, lineItemUrl, score]); }
  results(lineItemUrl, filter, options) {
    return items((next) => promised(core.resultsPage, [this.#options, options, lineItemUrl, filter, next]));
  }
  members(url, filter, options) { return items((next) => promised(core.membersPage, [this.#options, options, url, filter, next])); }
  noticeHandlers(url, options) { return promised(core.noticeHandlers, [this.#options, options, url]); }
  setNoticeHandler(url, handler, options) { return promised(core.setNoticeHandler, [this.#options, options, url, handler]); }
  asset(asset, options) { return promised(core.asset, [this.#options, options, asset]); }
  postAssetReport(url, report, options) { return promised(core.postAssetReport, [this.#options, options, url, report]); }
}

// The items of every page; the next page is asked for when the last item was taken.
async function* items(page) {
  let list = {};
  do {
    list = await page(list.next);
    yield* list.items;
  } while (list.next);
}
