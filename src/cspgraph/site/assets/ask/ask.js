// The Ask page: picks a shipped question, asks it in a worker, shows the rows.
"use strict";
(async () => {
  const at = (name) => document.getElementById(name);
  const say = (text) => { at("state").textContent = text; };
  const SECONDS = 20;
  if (location.protocol === "file:") {
    say("Ask needs these pages on a web server; a browser does not let a page from a file read its graph.");
    return;
  }
  const root = new URL("../", location.href).href;
  const given = await (await fetch(`${root}ask/questions.json`)).json();
  const option = (list, value, text) => {
    const one = document.createElement("option");
    one.value = value;
    one.textContent = text;
    list.append(one);
  };
  for (const one of given.areas) option(at("area"), one.code, one.name);
  for (const one of given.questions) option(at("pick"), one.name, one.question);
  const asked = new URLSearchParams(location.search);
  const area = () => given.areas.find((one) => one.code === at("area").value);
  const choose = (list, value) => { if ([...at(list).options].some((o) => o.value === value)) at(list).value = value; };
  choose("area", asked.get("area"));
  choose("pick", asked.get("q") || "who-must-adopt");
  const fill = () => {
    const one = given.questions.find((q) => q.name === at("pick").value);
    at("text").value = one.text.replaceAll("{{AREA}}", `<${given.gss}${at("area").value}>`);
  };
  fill();
  at("pick").addEventListener("change", fill);
  at("area").addEventListener("change", fill);
  at("go").disabled = false;

  let worker = null;
  let timer = 0;
  let last = null;
  const end = (text) => {
    worker?.terminate();
    worker = null;
    clearTimeout(timer);
    at("stop").disabled = true;
    at("go").disabled = false;
    if (text) say(text);
  };
  const go = () => {
    if (at("go").disabled) return;
    let query = at("text").value;
    const bare = query.replace(/#.*|"[^"\n]*"|'[^'\n]*'|<[^>]*>/g, "");
    if (/(?<![\w:.?$-])SERVICE\b(?!\s*:)/i.test(bare)) { say("SERVICE is refused: this page asks nothing of other sites."); return; }
    const known = new Set([...query.matchAll(/PREFIX\s+([\w-]*):/gi)].map((m) => m[1]));
    const missing = Object.entries(given.prefixes).filter(([name]) => !known.has(name));
    query = missing.map(([name, start]) => `PREFIX ${name}: <${start}>\n`).join("") + query;
    at("go").disabled = true;
    at("stop").disabled = false;
    say(worker ? "Asking …" : "Fetching the engine and the graph, once …");
    worker ??= new Worker(`${root}assets/ask/worker.js`, { type: "module" });
    worker.onerror = (event) => end(`The engine did not start: ${event.message}`);
    worker.onmessage = ({ data }) => {
      if (data.warn) { at("warn").hidden = false; return; }
      if (data.ready) {
        say("Asking …");
        clearTimeout(timer);
        timer = setTimeout(() => end(`Stopped after ${SECONDS} seconds.`), SECONDS * 1000);
        return;
      }
      clearTimeout(timer);
      at("go").disabled = false;
      at("stop").disabled = true;
      if (data.error) say(`The query was refused: ${data.error}`);
      else show(data);
    };
    worker.postMessage({ query, root, area: area() });
  };
  const short = (value) => {
    for (const [name, start] of Object.entries(given.prefixes)) if (value.startsWith(start) && /^[\w.-]+$/.test(value.slice(start.length))) return `${name}:${value.slice(start.length)}`;
    return value;
  };
  const show = (found) => {
    last = found;
    const table = document.createElement("table");
    table.className = "cards";
    const count = `${found.more ? "The first " : ""}${found.rows.length} row${found.rows.length === 1 ? "" : "s"}`;
    table.createCaption().textContent = count;
    const head = table.createTHead().insertRow();
    for (const name of found.vars) {
      const title = document.createElement("th");
      title.scope = "col";
      title.textContent = name.replaceAll("_", " ");
      head.append(title);
    }
    const body = table.createTBody();
    for (const row of found.rows) {
      const line = body.insertRow();
      for (const name of found.vars) {
        const place = line.insertCell();
        place.dataset.l = name.replaceAll("_", " ");
        const one = row[name];
        if (!one) place.textContent = "—";
        else if (/^https?:\/\/www\.legislation\.gov\.uk\/(?!id\/)/.test(one.value)) {
          const link = document.createElement("a");
          link.href = one.value;
          link.className = "url";
          link.textContent = one.value.replace(/^https?:\/\/www\./, "");
          place.append(link);
        } else if (one.type === "uri") {
          const words = document.createElement("span");
          words.textContent = found.labels[one.value] || short(one.value);
          if (!found.labels[one.value]) words.className = "url";
          words.title = one.value;
          place.append(words);
        } else place.textContent = one.value;
      }
    }
    const region = document.createElement("div");
    region.className = "tw";
    region.tabIndex = 0;
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", "The rows");
    region.append(table);
    at("out").replaceChildren(region);
    say(`${count} in ${found.ms} ms${found.more ? "; there were more" : ""}. “—” is no record, not “no”.`);
    at("csv").disabled = at("json").disabled = false;
  };
  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const cell = (value = "") => {
    const safe = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  at("csv").addEventListener("click", () => save("answer.csv", "text/csv", [last.vars.join(","), ...last.rows.map((row) => last.vars.map((name) => cell(row[name]?.value)).join(","))].join("\r\n")));
  at("json").addEventListener("click", () => save("answer.json", "application/json", JSON.stringify({ head: { vars: last.vars }, results: { bindings: last.rows } }, null, 1)));
  at("go").addEventListener("click", go);
  at("stop").addEventListener("click", () => end("Stopped."));
  at("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go(); });
})();
