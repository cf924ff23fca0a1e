"""The page on which a draft is reviewed: the text, the facts, accept, correct, reject.

It needs no server: what is saved is a file that the browser downloads, and `confirm`
takes it. Nothing is sent anywhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cspgraph.render.escape import visible
from cspgraph.render.html import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["page"]

#: What may be corrected in a fact, with the label of its field.
_FIELDS = (
    ("subject", "About"),
    ("value", "What"),
    ("day", "Day"),
    ("status", "Status"),
)

_STYLE = """
*{box-sizing:border-box}
body{font:1rem/1.5 arial,sans-serif;color:#0b0c0c;background:#fff;margin:0}
header{padding:1rem;border-bottom:2px solid #0b0c0c}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:.5rem 0}
main{display:grid;grid-template-columns:1fr 1fr;gap:1rem;padding:1rem}
section{min-width:0;overflow-wrap:anywhere}
.text,.facts{max-height:75vh;overflow:auto;border:1px solid #505a5f;padding:.75rem}
.text p{margin:.3rem 0}.text .place{color:#454c50;font-size:.85rem}
.here{background:#fff7bf;outline:2px solid #0b0c0c}
fieldset{border:1px solid #505a5f;margin:0 0 1rem;padding:.75rem}
legend{font-weight:bold;padding:0 .3rem}
label{display:inline-block;margin-right:1rem}
label.field{display:block;margin:.2rem 0}
input[type=text]{font:inherit;width:100%;border:2px solid #0b0c0c;padding:.2rem .4rem}
input[type=radio]{width:1.3rem;height:1.3rem;vertical-align:middle}
button{font:inherit;font-weight:bold;color:#fff;background:#00592e;border:0;padding:.6rem 1rem;cursor:pointer}
:focus-visible{outline:3px solid #0b0c0c;outline-offset:2px;box-shadow:0 0 0 5px #fd0}
blockquote{margin:.3rem 0;border-left:4px solid #505a5f;padding-left:.6rem}
@media (max-width:50em){main{grid-template-columns:1fr}.text,.facts{max-height:none}}
"""

#: Keys: a accepts, r rejects, c corrects, j and k go on and back, s saves.
_SCRIPT = """
'use strict';
const data = JSON.parse(document.getElementById('draft').textContent);
const sets = [...document.querySelectorAll('fieldset[data-id]')];
const status = document.getElementById('status');
function count() {
  const done = sets.filter(s => s.querySelector('input[type=radio]:checked').value).length;
  status.textContent = done + ' of ' + sets.length + ' answered';
}
function show(set) {
  document.querySelectorAll('.here').forEach(e => e.classList.remove('here'));
  for (const p of document.querySelectorAll('.text p'))
    if (p.dataset.place === set.dataset.place) p.classList.add('here');
  const first = document.querySelector('.text .here');
  if (first) first.scrollIntoView({block: 'nearest'});
}
sets.forEach(set => {
  set.addEventListener('focusin', () => show(set));
  set.addEventListener('change', count);
});
function answer(set, value) {
  set.querySelector('input[type=radio][value="' + value + '"]').checked = true;
  count();
}
function go(set, step) {
  const next = sets[sets.indexOf(set) + step];
  if (next) next.querySelector('input[type=radio]:checked').focus();
}
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('input[type=text]');
  if (typing) { if (event.key === 'Escape') event.target.closest('fieldset').querySelector('input[type=radio]:checked').focus(); return; }
  const set = event.target.closest('fieldset[data-id]');
  if (event.key === 's') { save(); return; }
  if (!set) { if (event.key === 'j' && sets[0]) sets[0].querySelector('input[type=radio]:checked').focus(); return; }
  if (event.key === 'a') { answer(set, 'yes'); go(set, 1); }
  else if (event.key === 'r') { answer(set, 'no'); go(set, 1); }
  else if (event.key === 'c') { event.preventDefault(); set.querySelector('input[type=text]').focus(); }
  else if (event.key === 'j') go(set, 1);
  else if (event.key === 'k') go(set, -1);
});
function yaml(value, indent) {
  const lines = [];
  for (const [key, one] of Object.entries(value)) {
    if (Array.isArray(one) && one.some(x => typeof x === 'object')) {
      lines.push(indent + key + ':');
      for (const row of one) {
        const inner = yaml(row, indent + '    ').split('\\n');
        inner[0] = indent + '  - ' + inner[0].trimStart();
        lines.push(...inner);
      }
    } else if (one && typeof one === 'object' && !Array.isArray(one)) {
      if (Object.keys(one).length) { lines.push(indent + key + ':'); lines.push(yaml(one, indent + '  ')); }
      else lines.push(indent + key + ': {}');
    } else lines.push(indent + key + ': ' + JSON.stringify(one));
  }
  return lines.join('\\n');
}
function save() {
  const facts = data.facts.map(fact => {
    const set = document.querySelector('fieldset[data-id="' + fact.id + '"]');
    const made = {...fact};
    for (const field of set.querySelectorAll('input[data-field]')) {
      const name = field.dataset.field;
      if (name.startsWith('with ')) {
        const items = field.value.split(';').map(x => x.trim()).filter(x => x);
        made.with = {...made.with, [name.slice(5)]: items};
      } else made[name] = field.value.trim();
    }
    made.confirmed = set.querySelector('input[type=radio]:checked').value;
    return made;
  });
  const text = yaml({...data, facts}, '') + '\\n';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'application/yaml'}));
  link.download = document.body.dataset.file;
  document.body.append(link);
  link.click();
  link.remove();
  status.textContent = 'Saved as ' + link.download;
}
document.getElementById('save').addEventListener('click', save);
count();
"""


def page(data: Mapping[str, Any], text: Sequence[tuple[str, str, str]] = ()) -> str:
    """Return the review page of a draft, the same bytes every time.

    `data` is the draft as plain values, `text` its paragraphs: place, kind, text.
    """
    title = f"Draft read from {visible(str(data['report']))}"
    held = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    stem = str(data["report"]).rpartition(".")[0] or "report"
    name = escaped(f"{stem}.draft.yaml")
    doubts = "".join(
        f"<li>{escaped(d['place'])}: {escaped(d['said'])}</li>" for d in data["doubts"]
    )
    told = f"<h2>To look at</h2><ul>{doubts}</ul>" if doubts else ""
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body data-file="{name}">\n<header>\n<h1>{escaped(title)}</h1>\n'
        "<p>Nothing counts until you confirm it. Keys: j and k go on and back, a accepts,"
        " r rejects, c corrects, Escape ends a correction, s saves a file for"
        " <code>cspgraph confirm</code>.</p>\n"
        '<p><button type="button" id="save">Save</button> '
        '<span id="status" role="status"></span></p>\n'
        f"{told}</header>\n<main>\n"
        '<section aria-label="The text of the report"><h2>The report</h2>'
        f'<div class="text" tabindex="0" role="region" aria-label="Text">{_text(text)}</div></section>\n'
        '<section aria-label="What was read"><h2>What was read</h2>'
        f'<div class="facts" tabindex="0" role="region" aria-label="Facts">{"".join(map(_fact, data["facts"]))}</div></section>\n'
        f'</main>\n<script type="application/json" id="draft">{held}</script>\n'
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _text(text: Sequence[tuple[str, str, str]]) -> str:
    return "".join(
        f'<p data-place="{escaped(place)}"><span class="place">{escaped(place)}</span> '
        f"{'<strong>' if kind == 'heading' else ''}{escaped(words)}{'</strong>' if kind == 'heading' else ''}</p>"
        for place, kind, words in text
    )


def _fact(fact: Mapping[str, Any]) -> str:
    key = escaped(fact["id"])
    fields = [
        _field(name, label, str(fact[name]))
        for name, label in _FIELDS
        if fact[name] or name == "value"
    ]
    fields += [
        _field(f"with {name}", name.capitalize(), "; ".join(values))
        for name, values in fact["with"].items()
    ]
    choices = "".join(
        f'<label><input type="radio" name="{key}" value="{value}"{" checked" if value == fact["confirmed"] else ""}> {label}</label>'
        for value, label in (("", "Open"), ("yes", "Accept"), ("no", "Reject"))
    )
    return (
        f'<fieldset data-id="{key}" data-place="{escaped(fact["place"])}">'
        f"<legend>{escaped(fact['kind'].capitalize())}, {escaped(fact['place'])} ({escaped(fact['sure'])})</legend>"
        f"<blockquote>{escaped(fact['quote'])}</blockquote>"
        f"<div>{choices}</div>{''.join(fields)}</fieldset>\n"
    )


def _field(name: str, label: str, value: str) -> str:
    return (
        f'<label class="field">{escaped(label)} <input type="text" '
        f'data-field="{escaped(name)}" value="{escaped(value)}"></label>'
    )
