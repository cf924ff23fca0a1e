// Finds what begins with the words that are typed, in a list that the page brings with it.
"use strict";
(() => {
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2019']/g, "").toLowerCase();
  const form = document.getElementById("find");
  const list = globalThis.cspgraphFind || [];
  if (!form || !list.length) return;
  const field = document.getElementById("q");
  const said = document.getElementById("n");
  const hits = document.getElementById("hits");
  const known = list.map(([name, folder, note, other]) => ({
    name, folder, note, other: other || "",
    words: ` ${fold(`${name} ${other || ""} ${folder.split("/")[1] || ""}`).replace(/[^a-z0-9]+/g, " ")}`,
  }));
  const most = 12;
  const show = () => {
    const typed = fold(field.value).replace(/[^a-z0-9]+/g, " ").trim();
    hits.replaceChildren();
    hits.hidden = !typed;
    if (!typed) { said.textContent = ""; return; }
    const parts = typed.split(" ");
    const found = known.filter((one) => parts.every((part) => one.words.includes(` ${part}`)));
    const first = (one) => (fold(one.name).startsWith(typed) ? 0 : 1);
    found.sort((a, b) => first(a) - first(b));
    for (const one of found.slice(0, most)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${one.folder}index.html`;
      link.textContent = one.name;
      const note = document.createElement("span");
      note.className = "soft";
      const other = one.other.split("|").find((name) => fold(` ${name}`).includes(` ${parts[0]}`));
      note.textContent = ` ${one.note}${other && first(one) ? `, also ${other}` : ""}`;
      item.append(link, note);
      hits.append(item);
    }
    const more = found.length > most ? `; the first ${most} are shown` : "";
    said.textContent = found.length
      ? `${found.length} found${more}.`
      : "Nothing begins with that. All areas stand below, by region.";
  };
  form.hidden = false;
  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = hits.querySelector("a");
    if (link) link.click();
  });
})();
