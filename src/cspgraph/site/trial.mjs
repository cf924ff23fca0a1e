// Asks an engine the questions that it is given, and prints what it answers, as JSON.
// It is started by cspgraph.site.ask: node trial.mjs ENGINE < {"graph": ..., "texts": {...}}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const engine = createRequire(import.meta.url)(process.argv[2]);
const { graph, texts } = JSON.parse(readFileSync(0, "utf8"));
const store = new engine.Store();
store.load(graph, { format: "application/n-quads", no_transaction: true });
const answers = {};
for (const [name, text] of Object.entries(texts)) {
  try {
    answers[name] = JSON.parse(store.query(text, { use_default_graph_as_union: true, results_format: "json" }));
  } catch (error) {
    answers[name] = { error: String(error.message || error) };
  }
}
process.stdout.write(JSON.stringify(answers));
