// <token-editor>: a token as it is typed, its parts coloured, and whatever is marked. Emits 'changed' with the text, and 'pointed'
// with the character under the pointer or the caret, null when it leaves.
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import { css } from 'lit';
import { Editor } from './setup.js';

const PARTS = {
  protected: 'header', payload: 'claims', signature: 'signature', encrypted_key: 'claims', iv: 'signature', ciphertext: 'claims',
  tag: 'signature',
};

const MARGIN = 8;
const setDecorations = StateEffect.define();

/** Decorations of one kind, which move with what is typed until the next ones come. */
const decorations = (kind) => StateField.define({
  create: () => Decoration.none,
  update(value, { changes, effects }) {
    const next = effects.find((effect) => effect.is(setDecorations) && effect.value.kind === kind);
    return next ? next.value.set : value.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** What is marked from elsewhere comes into view in the editor alone: the page stays where it is read. */
const scrollInside = EditorView.scrollHandler.of((view) => {
  if (view.hasFocus) return false;
  const place = view.contentDOM.querySelector('.marked')?.getBoundingClientRect();
  const { top, bottom } = view.scrollDOM.getBoundingClientRect();
  if (place && place.top < top) view.scrollDOM.scrollTop += place.top - top - MARGIN;
  if (place && place.bottom > bottom) view.scrollDOM.scrollTop += place.bottom - bottom + MARGIN;
  return true;
});

class TokenEditor extends Editor {
  /** parts: of a report on this text; marked: a span of it. */
  static properties = { parts: { attribute: false }, marked: { attribute: false } };

  // Safari knows no shorthand for the style of a decoration.
  static styles = [...Editor.styles, css`
    .cm-editor .cm-line { word-break: break-all; }
    .cm-editor .cm-placeholder { word-break: normal; font: 0.875rem/1.375rem var(--sans); }
    .header, .claims, .signature { text-decoration-line: underline; text-decoration-thickness: 1px; text-underline-offset: 4px; }
    .header { color: var(--part-header); }
    .claims { color: var(--part-claims); text-decoration-style: dashed; }
    .signature { color: var(--part-signature); text-decoration-style: dotted; text-decoration-thickness: 2px; }
    .marked { background: var(--marked); border-radius: 2px; box-shadow: 0 0 0 1px color-mix(in srgb, var(--text) 55%, transparent); }
  `];

  extensions() {
    return [
      decorations('parts'), decorations('marked'), scrollInside,
      EditorView.domEventHandlers({
        mousemove: ({ clientX: x, clientY: y }, view) => void this.point(view.posAtCoords({ x, y })),
        mouseleave: () => void this.point(null),
        blur: () => void this.point(null),
      }),
      EditorView.updateListener.of(({ selectionSet, docChanged, view }) => {
        if (selectionSet && !docChanged && view.hasFocus) this.point(view.state.selection.main.head);
      }),
    ];
  }

  point(position) {
    if (this.pointed === position) return;
    this.pointed = position;
    this.emit('pointed', position);
  }

  firstUpdated() {
    super.firstUpdated();
    this.decorate('parts', this.partRanges());
  }

  updated(properties) {
    super.updated(properties);
    if (!this.view) return;
    if (properties.has('parts')) this.decorate('parts', this.partRanges());
    if (properties.has('marked')) this.mark();
  }

  partRanges() {
    return (this.parts ?? []).filter(({ span }) => span).map(({ name, span }) => [PARTS[name], span]);
  }

  mark() {
    const { marked, view } = this;
    this.decorate('marked', marked ? [['marked', marked]] : []);
    if (marked && marked.end <= view.state.doc.length && !view.hasFocus) {
      view.dispatch({ effects: EditorView.scrollIntoView(marked.start, { y: 'nearest' }) });
    }
  }

  /** Puts the caret on a span, and selects it. */
  select({ start, end }) {
    const { length } = this.view.state.doc;
    this.view.focus();
    this.view.dispatch({ selection: { anchor: Math.min(start, length), head: Math.min(end, length) }, scrollIntoView: true });
  }

  decorate(kind, ranges) {
    const { length } = this.view.state.doc;
    const marks = ranges.filter(([, { start, end }]) => start < end && end <= length)
      .map(([name, { start, end }]) => Decoration.mark({ class: name }).range(start, end));
    this.view.dispatch({ effects: setDecorations.of({ kind, set: Decoration.set(marks, true) }) });
  }
}

customElements.define('token-editor', TokenEditor);
