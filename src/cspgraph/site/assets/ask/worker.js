// Holds the engine and the graph of one area, and answers one query at a time.
import init, { Store, namedNode } from "./oxigraph.js";

const MOST = 1000;
const UNION = { use_default_graph_as_union: true };
const NAMES = ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label"];
let store;
let loaded = "";

const unpacked = async (url) => {
  const found = await fetch(url);
  if (!found.ok) throw new Error(`${url.split("/").pop()} is not there`);
  return new Response(found.body.pipeThrough(new DecompressionStream("gzip")));
};

const load = async (root, area) => {
  const [wasm, shared, own] = await Promise.all([
    loaded ? null : unpacked(`${root}assets/ask/oxigraph.wasm.gz`).then((r) => r.arrayBuffer()),
    area.whole ? "" : unpacked(`${root}ask/shared.nq.gz`).then((r) => r.text()),
    unpacked(`${root}area/${area.code}/graph.nq.gz`).then((r) => r.text()),
  ]);
  if (wasm) await init({ module_or_path: wasm });
  store = new Store();
  for (const text of [shared, own]) store.load(text, { format: "application/n-quads", no_transaction: true });
  loaded = area.code;
};

const sums = () => {
  for (const row of store.query("SELECT (10 - 2 + 3 AS ?sum) {}")) return row.get("sum").value;
  return "";
};

const cell = (term) => ({
  type: term.termType === "NamedNode" ? "uri" : "literal",
  value: term.value ?? "",
});

const ask = (query) => {
  const found = store.query(query, UNION);
  if (typeof found === "boolean") return { vars: ["answer"], rows: [{ answer: { type: "literal", value: String(found) } }], more: false };
  const rows = [];
  const vars = [];
  let more = false;
  for (const one of found) {
    if (rows.length === MOST) { more = true; break; }
    const row = {};
    const pairs = one instanceof Map ? one : [["subject", one.subject], ["predicate", one.predicate], ["object", one.object]];
    for (const [name, term] of pairs) {
      if (!vars.includes(name)) vars.push(name);
      if (term) row[name] = cell(term);
    }
    rows.push(row);
  }
  const chosen = /SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?((?:\?\w+\s+|\([^()]*(?:\([^()]*\)[^()]*)*\s+AS\s+\?\w+\s*\)\s*)+)(?:WHERE|\{|FROM)/i.exec(query);
  const order = chosen ? [...chosen[1].matchAll(/\?(\w+)\s*(?=\)|\s|$)/g)].map((m) => m[1]) : [];
  const sorted = order.length && vars.every((name) => order.includes(name)) ? [...new Set(order)] : vars;
  return { vars: sorted, rows, more };
};

const names = (rows) => {
  const things = new Set();
  for (const row of rows) for (const one of Object.values(row)) if (one.type === "uri" && !/[<>"{}|\\^`\s]/.test(one.value)) things.add(one.value);
  const labels = {};
  for (const thing of things) for (const name of NAMES) for (const found of store.match(namedNode(thing), namedNode(name))) labels[thing] ??= found.object.value;
  return labels;
};

onmessage = async ({ data: { query, root, area } }) => {
  try {
    if (loaded !== area.code) {
      await load(root, area);
      if (sums() !== "11") postMessage({ warn: "sums" });
    }
    postMessage({ ready: true });
    const start = performance.now();
    const found = ask(query);
    postMessage({ ...found, labels: names(found.rows), ms: Math.round(performance.now() - start) });
  } catch (error) {
    postMessage({ error: String(error.message || error) });
  }
};
