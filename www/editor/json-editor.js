// <json-editor>: JSON, coloured; to be edited, or with `readonly` to be read. Emits 'changed' with the text, and 'pointed' with the
// character under the pointer or the caret, null when it leaves.
import { json } from '@codemirror/lang-json';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { css } from 'lit';
import { Editor } from './setup.js';

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--part-claims)' },
  { tag: tags.string, color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--part-signature)' },
  { tag: tags.punctuation, color: 'var(--quiet)' },
]);

const setMarks = StateEffect.define();
const marks = StateField.define({
  create: () => Decoration.none,
  update: (value, { changes, effects }) => effects.find((effect) => effect.is(setMarks))?.value ?? value.map(changes),
  provide: (field) => EditorView.decorations.from(field),
});

class JsonEditor extends Editor {
  /** marked: spans of the text; fault: a span of it that is wrong. */
  static properties = { marked: { attribute: false }, fault: { attribute: false } };

  static styles = [...Editor.styles, css`
    .cm-editor .cm-line { overflow-wrap: anywhere; }
    .cm-editor .marked { background: var(--marked); }
    .cm-editor .fault {
      background: var(--fail-ground); text-decoration-line: underline; text-decoration-style: wavy; text-decoration-color: var(--fail);
      text-decoration-thickness: 1px; text-underline-offset: 4px;
    }
  `];

  extensions() {
    return [
      json(), syntaxHighlighting(colours), bracketMatching(), marks,
      EditorView.domEventHandlers({
        mousemove: ({ clientX: x, clientY: y }, view) => void this.emit('pointed', view.posAtCoords({ x, y })),
        mouseleave: () => void this.emit('pointed', null),
        blur: () => void this.emit('pointed', null),
      }),
      EditorView.updateListener.of(({ selectionSet, docChanged, view }) => {
        if (selectionSet && !docChanged && view.hasFocus) this.emit('pointed', view.state.selection.main.head);
      }),
    ];
  }

  firstUpdated() {
    super.firstUpdated();
    this.decorate();
  }

  updated(properties) {
    super.updated(properties);
    if (this.view && (properties.has('marked') || properties.has('fault') || properties.has('value'))) this.decorate();
  }

  decorate() {
    const { length } = this.view.state.doc;
    const range = (name) => ({ start, end }) => start < end && end <= length && Decoration.mark({ class: name }).range(start, end);
    const ranges = [...(this.marked ?? []).map(range('marked')), ...(this.fault ? [range('fault')(this.fault)] : [])];
    this.view.dispatch({ effects: setMarks.of(Decoration.set(ranges.filter(Boolean), true)) });
  }
}

customElements.define('json-editor', JsonEditor);
