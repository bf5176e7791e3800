// What both editors share: CodeMirror in a shadow root, where it adopts style sheets; outside one it would inject <style> elements,
// which the page's policy refuses.
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { Annotation, EditorState } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, placeholder } from '@codemirror/view';
import { LitElement, css, html } from 'lit';

/** Marks a change that the page made, not the person. */
const fromOutside = Annotation.define();

/** Typing over coloured text: left to it, Chromium keeps the colours as inline styles, which the policy refuses. */
function replaceSelection(event, view) {
  if (event.inputType !== 'insertText' || event.data === null || view.state.readOnly) return false;
  const { from, to } = replaced(view);
  if (from === to) return false;
  event.preventDefault();
  view.dispatch({
    changes: { from, to, insert: event.data }, selection: { anchor: from + event.data.length }, userEvent: 'input.type', scrollIntoView: true,
  });
  return true;
}

/** The browser's own selection, of which the editor hears a moment later. */
function replaced(view) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = view.root.getSelection?.() ?? {};
  if (!anchorNode || !view.contentDOM.contains(anchorNode)) return view.state.selection.main;
  const places = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
  return { from: Math.min(...places), to: Math.max(...places) };
}

export const sheet = css`
  :host { display: block; min-width: 0; }
  .frame {
    border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface); overflow: hidden; height: 100%; min-height: inherit;
    max-height: inherit;
  }
  .frame:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
  :host([wrong]) .frame { border-color: var(--fail); box-shadow: inset 0 0 0 1px var(--fail); }
  .cm-editor { height: 100%; min-height: inherit; max-height: inherit; color: var(--text); }
  .cm-editor.cm-focused { outline: none; }
  .cm-editor .cm-scroller { font: var(--code); line-height: 1.375rem; overflow: auto; }
  .cm-editor .cm-content { padding: 8px 0; caret-color: var(--text); direction: ltr; }
  .cm-editor .cm-line { padding: 0 10px; }
  .cm-editor .cm-placeholder { color: var(--quiet); }
  .cm-editor ::selection { background: color-mix(in srgb, var(--accent) 35%, transparent); }
`;

/** Once it has a value, every editor is `editor.view`, a CodeMirror view. */
export class Editor extends LitElement {
  static properties = {
    label: {}, value: { attribute: false }, placeholder: {}, readonly: { type: Boolean }, description: { attribute: false },
  };

  static styles = [sheet];

  constructor() {
    super();
    this.value = '';
    this.label = '';
  }

  render() {
    return html`<div class="frame"></div>`;
  }

  /** The extensions that an editor has besides. */
  extensions() {
    return [];
  }

  firstUpdated() {
    this.shown = this.value;
    this.view = new EditorView({
      root: this.renderRoot, parent: this.renderRoot.querySelector('.frame'),
      state: EditorState.create({ doc: this.value, extensions: this.allExtensions() }),
    });
  }

  allExtensions() {
    const fixed = this.readonly ? [EditorState.readOnly.of(true)] : [history(), placeholder(this.placeholder ?? '')];
    return [
      ...fixed, keymap.of([...defaultKeymap, ...historyKeymap]), EditorView.lineWrapping, highlightSpecialChars(),
      EditorView.domEventHandlers({ beforeinput: replaceSelection }),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': this.label, ...(this.description && { 'aria-description': this.description }) }),
      EditorView.updateListener.of((update) => update.docChanged && this.changed(update)), ...this.extensions(),
    ];
  }

  changed({ state, transactions }) {
    this.value = this.shown = state.doc.toString();
    if (transactions.some((transaction) => !transaction.annotation(fromOutside))) this.emit('changed', this.value);
  }

  updated(properties) {
    // Compared with what is known to be shown, as a text of a megabyte is costly to ask for.
    if (!this.view || !properties.has('value') || this.shown === this.value) return;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: this.value }, annotations: [fromOutside.of(true), isolateHistory.of('full')],
    });
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  focus() {
    this.view.focus();
  }
}
