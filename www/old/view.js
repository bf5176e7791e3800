// The sections that forms alone make: sign, exchange, originality report, Canvas's tokens.
import { go } from '../app/router.js';
import { Element, html } from '../parts/element.js';
import { startExchange } from './sections/exchange.js';
import { startReport } from './sections/report.js';
import { startSign } from './sections/sign.js';
import { startTokens } from './sections/tokens.js';

class OldView extends Element {
  firstUpdated() {
    const inspect = (given) => go('inspect', given);
    const report = startReport();
    const exchange = startExchange({ signFor: (url) => sign.signFor(url), inspect, report: report.take });
    const sign = startSign({ signed: exchange.take, filled: exchange.fill, inspect });
    startTokens({ inspect });
  }

  shown() {
    this.querySelector(location.hash === '#canvas' ? '#tokens' : '#sign').scrollIntoView();
  }

  render() {
    return html`<div class="old">
    <section id="sign" aria-labelledby="sign-title">
      <h2 id="sign-title" tabindex="-1">1. Sign</h2>
      <p class="lead">A tool shows Canvas who it is with an assertion: five claims, signed with the tool's secret.</p>
      <div class="columns">
        <form id="sign-form" autocomplete="off" novalidate>
          <div class="field" role="group" aria-labelledby="presets-label">
            <span class="label" id="presets-label">Fill in</span>
            <div class="buttons">
              <button type="button" class="small" id="preset-tool-proxy">Tool proxy</button>
              <button type="button" class="small" id="preset-developer-key">Developer key + registration code</button>
              <button type="button" class="small" id="preset-template">The documentation's template</button>
            </div>
          </div>
          <div class="row">
            <div class="field grow">
              <label for="sign-sub">sub</label>
              <input id="sign-sub" autocapitalize="off" spellcheck="false" aria-describedby="sign-sub-hint">
            </div>
            <div class="field">
              <label for="sign-sub-type">sub is written as</label>
              <select id="sign-sub-type">
                <option value="text">text</option>
                <option value="number">JSON number</option>
              </select>
            </div>
          </div>
          <p class="hint" id="sign-sub-hint">A tool proxy's guid or a registration key is text; a developer key's global
            id is a number, exact however long.</p>
          <div class="field">
            <label for="sign-aud">aud, the access token URL</label>
            <input id="sign-aud" inputmode="url" autocapitalize="off" spellcheck="false">
          </div>
          <div class="field">
            <label for="sign-secret">Secret</label>
            <span class="shown">
              <input id="sign-secret" type="password" autocomplete="off" autocapitalize="off" spellcheck="false">
              <label class="check"><input type="checkbox" id="sign-secret-show">
                <span>Show<span class="unseen"> the secret</span></span></label>
            </span>
          </div>
          <fieldset>
            <legend>Filled in when left empty</legend>
            <div class="thirds">
              <div class="field">
                <label for="sign-iat">iat</label>
                <input id="sign-iat" inputmode="numeric" placeholder="now" aria-describedby="sign-times-hint">
              </div>
              <div class="field">
                <label for="sign-exp">exp</label>
                <input id="sign-exp" inputmode="numeric" placeholder="iat + lifetime" aria-describedby="sign-times-hint">
              </div>
              <div class="field">
                <label for="sign-lifetime">Lifetime (s)</label>
                <input id="sign-lifetime" inputmode="numeric" placeholder="60">
              </div>
            </div>
            <div class="field">
              <label for="sign-jti">jti</label>
              <input id="sign-jti" autocapitalize="off" spellcheck="false" placeholder="a random UUID">
            </div>
            <p class="hint" id="sign-times-hint">Times are seconds since 1970.</p>
          </fieldset>
          <button type="submit" class="main">Sign</button>
        </form>
        <div class="result">
          <p class="status" id="sign-status" role="status"></p>
          <div class="refusal" id="sign-refusal" role="alert"></div>
          <div class="answer" id="sign-answer"></div>
          <p class="empty">The signed assertion will be here, with its header and claims.</p>
        </div>
      </div>
    </section>

    <section id="exchange" aria-labelledby="exchange-title">
      <h2 id="exchange-title" tabindex="-1">2. Exchange</h2>
      <p class="lead">Canvas takes an assertion once, and gives an access token of one hour for it.</p>
      <div class="columns">
        <form id="exchange-form" autocomplete="off" novalidate>
          <fieldset class="choice">
            <legend>Answered by</legend>
            <label class="check"><input type="radio" name="exchange-by" id="exchange-emulator" checked>
              the emulator in this page</label>
            <label class="check"><input type="radio" name="exchange-by" id="exchange-server"> a server at a base URL</label>
            <div class="field" id="exchange-base-field" hidden>
              <label for="exchange-base">Base URL</label>
              <input id="exchange-base" inputmode="url" autocapitalize="off" spellcheck="false"
                placeholder="http://localhost:8931" aria-describedby="exchange-base-hint">
              <p class="hint" id="exchange-base-hint">Canvas sends no CORS headers here, so a page reaches it only through
                a proxy of its own origin. The emulator that <code>npm start</code> runs allows every page.</p>
            </div>
          </fieldset>
          <div class="field">
            <label for="exchange-assertion">Assertion</label>
            <textarea id="exchange-assertion" rows="5" autocapitalize="off" spellcheck="false"
              placeholder="Signed above, or pasted"></textarea>
          </div>
          <div class="field">
            <label for="exchange-code">Registration code (reg_key), optional</label>
            <input id="exchange-code" autocapitalize="off" spellcheck="false" aria-describedby="exchange-code-hint">
            <p class="hint" id="exchange-code-hint">A developer key needs one; the grant is then authorization_code.</p>
          </div>
          <p class="target" id="exchange-target" hidden>Sent to <code id="exchange-url"></code></p>
          <div class="note" id="exchange-mismatch" hidden>
            <p>The assertion's aud is another URL than this. Canvas refuses it unless they are the same.</p>
            <button type="button" class="small" id="exchange-sign">Sign again for this URL</button>
          </div>
          <button type="submit" class="main">Exchange</button>
        </form>
        <div class="result">
          <p class="status" id="exchange-status" role="status"></p>
          <div class="refusal" id="exchange-refusal" role="alert"></div>
          <div class="answer" id="exchange-answer"></div>
          <p class="empty">The access token will be here, or the reason why there is none.</p>
        </div>
      </div>
    </section>

    <section id="report" aria-labelledby="report-title">
      <h2 id="report-title" tabindex="-1">3. Originality report</h2>
      <p class="lead">With the access token, the tool calls Canvas: it says how original a submitted file is.</p>
      <div class="columns">
        <form id="report-form" autocomplete="off" novalidate>
          <fieldset class="choice">
            <legend>Answered by</legend>
            <label class="check"><input type="radio" name="report-by" id="report-emulator" checked>
              the emulator in this page</label>
            <label class="check"><input type="radio" name="report-by" id="report-server"> a server at a base URL</label>
            <div class="field" id="report-base-field" hidden>
              <label for="report-base">Base URL</label>
              <input id="report-base" inputmode="url" autocapitalize="off" spellcheck="false"
                placeholder="http://localhost:8931" aria-describedby="report-base-hint">
              <p class="hint" id="report-base-hint">Canvas sends no CORS headers here, so a page reaches it only through
                a proxy of its own origin. The emulator that <code>npm start</code> runs allows every page.</p>
            </div>
          </fieldset>
          <div class="field">
            <label for="report-token">LTI 2 access token</label>
            <textarea id="report-token" rows="4" autocapitalize="off" spellcheck="false"
              placeholder="From the exchange above, or pasted"></textarea>
          </div>
          <div class="halves">
            <div class="field">
              <label for="report-assignment">Assignment id</label>
              <input id="report-assignment" inputmode="numeric">
            </div>
            <div class="field">
              <label for="report-submission">Submission id</label>
              <input id="report-submission" inputmode="numeric">
            </div>
            <div class="field">
              <label for="report-file">File id</label>
              <input id="report-file" inputmode="numeric">
            </div>
            <div class="field">
              <label for="report-score">Score, 0 to 100</label>
              <input id="report-score" inputmode="decimal">
            </div>
          </div>
          <button type="submit" class="main">Post the report</button>
          <div class="row">
            <div class="field grow">
              <label for="report-id">Report id</label>
              <input id="report-id" inputmode="numeric" aria-describedby="report-id-hint">
            </div>
            <button type="button" id="report-read">Read it back</button>
          </div>
          <p class="hint" id="report-id-hint">Filled in by posting. When empty, the report is read by its file.</p>
        </form>
        <div class="result">
          <p class="status" id="report-status" role="status"></p>
          <div class="refusal" id="report-refusal" role="alert"></div>
          <div class="answer" id="report-answer"></div>
          <p class="empty">The report will be here, as Canvas keeps it.</p>
        </div>
      </div>
    </section>

    <section id="tokens" aria-labelledby="tokens-title">
      <h2 id="tokens-title" tabindex="-1">Canvas tokens</h2>
      <p class="lead">With a person's access token, Canvas gives two other tokens of an hour: a Canvas JWT for
        Instructure's services, and an InstAccess token for its API gateway.</p>
      <div class="columns">
        <form id="tokens-form" autocomplete="off" novalidate>
          <fieldset class="choice">
            <legend>Answered by</legend>
            <label class="check"><input type="radio" name="tokens-by" id="tokens-emulator" checked>
              the emulator in this page</label>
            <label class="check"><input type="radio" name="tokens-by" id="tokens-server"> a server at a base URL</label>
            <div class="field" id="tokens-base-field" hidden>
              <label for="tokens-base">Base URL</label>
              <input id="tokens-base" inputmode="url" autocapitalize="off" spellcheck="false"
                placeholder="http://localhost:8931" aria-describedby="tokens-base-hint">
              <p class="hint" id="tokens-base-hint">Canvas sends no CORS headers here, so a page reaches it only through
                a proxy of its own origin. The emulator that <code>npm start</code> runs allows every page.</p>
            </div>
          </fieldset>
          <div class="field">
            <label for="tokens-bearer">Access token of a person</label>
            <span class="shown">
              <input id="tokens-bearer" type="password" autocomplete="off" autocapitalize="off" spellcheck="false">
              <label class="check"><input type="checkbox" id="tokens-bearer-show">
                <span>Show<span class="unseen"> the access token</span></span></label>
            </span>
          </div>
          <fieldset>
            <legend>Canvas JWT</legend>
            <div class="field">
              <label for="tokens-workflows">Workflows, optional</label>
              <input id="tokens-workflows" autocapitalize="off" spellcheck="false" placeholder="rich_content, ui"
                aria-describedby="tokens-workflows-hint">
              <p class="hint" id="tokens-workflows-hint">rich_content and ui need a context.</p>
            </div>
            <div class="halves">
              <div class="field">
                <label for="tokens-context-type">Context</label>
                <select id="tokens-context-type">
                  <option value="">none</option>
                  <option>Course</option>
                  <option>User</option>
                  <option>Account</option>
                </select>
              </div>
              <div class="field">
                <label for="tokens-context-id">Context id</label>
                <input id="tokens-context-id" inputmode="numeric">
              </div>
            </div>
            <label class="check"><input type="checkbox" id="tokens-audience" checked aria-describedby="tokens-audience-hint">
              canvas_audience</label>
            <p class="hint" id="tokens-audience-hint">On: encrypted, for Canvas and Instructure's services. Off: only
              signed, so that others can read and verify it.</p>
            <button type="submit" class="main">Create a Canvas JWT</button>
            <div class="field">
              <label for="tokens-jwt">Canvas JWT to refresh</label>
              <textarea id="tokens-jwt" rows="3" autocapitalize="off" spellcheck="false"
                placeholder="Created above, or pasted"></textarea>
            </div>
            <div class="buttons"><button type="button" id="tokens-refresh">Refresh it</button></div>
          </fieldset>
          <fieldset>
            <legend>InstAccess token</legend>
            <div class="buttons"><button type="button" id="tokens-inst-access">Create an InstAccess token</button></div>
          </fieldset>
        </form>
        <div class="result">
          <p class="status" id="tokens-status" role="status"></p>
          <div class="refusal" id="tokens-refusal" role="alert"></div>
          <div class="answer" id="tokens-answer"></div>
          <p class="empty">The token will be here, or what Canvas has against giving it.</p>
        </div>
      </div>
    </section>
  <p id="notice" role="status"></p></div>`;
  }
}

customElements.define('old-view', OldView);
