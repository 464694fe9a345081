// The coding bench of notebook 01, as helpers/panels/typology/coding.py: what somebody did, the
// learner's code, then the key's with its reason.
const CODED = "hrd.coding";

function kappaOf(pairs) {
  const names = [...new Set(pairs.flat())];
  if (names.length === 1) return NaN;
  const share = (test) => pairs.filter(test).length / pairs.length;
  const observed = share(([mine, key]) => mine === key);
  const expected = names
    .map((name) => share(([mine]) => mine === name) * share(([, key]) => key === name))
    .reduce((a, b) => a + b, 0);
  return (observed - expected) / (1 - expected);
}

function agreementSaid({ vignettes, levels }, codes) {
  const coded = vignettes.filter(({ id }) => codes[id]);
  if (!coded.length) return "Nothing is coded yet. Read the vignette and choose one of the five codes.";
  const pairs = (some) => some.map(({ id, key }) => [codes[id], key]);
  const right = coded.filter(({ id, key }) => codes[id] === key).length;
  const kappa = kappaOf(pairs(coded));
  const parts = levels
    .map((level) => [level, coded.filter(({ difficulty }) => difficulty === level)])
    .filter(([, some]) => some.length >= 5)
    .map(([level, some]) => [level, kappaOf(pairs(some))])
    .filter(([, value]) => !Number.isNaN(value))
    .map(([level, value]) => `${level} ${zeroed(value, 2)}`);
  return `You agree with the key on ${right} of ${coded.length} vignettes coded` +
    (Number.isNaN(kappa) ? "." : `; Cohen's kappa is ${zeroed(kappa, 2)}.`) +
    (parts.length ? ` By difficulty: ${parts.join(", ")}.` : "");
}

function openCoding() {
  const place = document.querySelector("[data-coding]");
  const bench = globalThis.hrdCoding;
  if (!place || !bench) return;
  const put = (tag, text = "", attributes = {}) => {
    const node = document.createElement(tag);
    node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const all = Object.fromEntries(bench.vignettes.map((one) => [one.id, one]));
  let problem = "";
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(CODED) ?? "{}");
  } catch { /* begun anew */ }
  const codes = Object.fromEntries(Object.entries(kept.codes ?? {})
    .filter(([id, code]) => id in all && bench.codes.includes(code)));
  // An order of the learner's own, the same each time.
  const first = (kept.order ?? []).filter((id) => id in all);
  const rest = Object.keys(all).filter((id) => !first.includes(id));
  for (let i = rest.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [rest[i], rest[j]] = [rest[j], rest[i]];
  }
  const order = [...first, ...rest];
  const open = order.findIndex((id) => !codes[id]);
  let at = open < 0 ? order.length - 1 : open;

  const [head, text, who] = [put("p"), put("p"), put("small")];
  const told = put("div", "", { role: "status", class: "hrd-told" });
  const said = put("p", "", { class: "hrd-sentence" });
  const choices = put("div", "", { role: "group", "aria-label": "Code", class: "hrd-buttons" });
  const steps = put("div", "", { role: "group", "aria-label": "Vignettes", class: "hrd-buttons" });
  const quote = put("blockquote");
  quote.append(text, who);
  const button = (box, label, act) => {
    const made = put("button", label, { type: "button" });
    made.addEventListener("click", act);
    box.append(made);
    return made;
  };
  const buttons = bench.codes.map((code) => button(choices, code, () => {
    codes[order[at]] = code;
    try {
      localStorage.setItem(CODED, JSON.stringify({ order, codes }));
      problem = "";
    } catch {
      problem = "Your codes could not be saved in this browser; they stay on this page until it is closed.";
    }
    show();
  }));
  const go = (to) => {
    at = Math.min(Math.max(to, 0), order.length - 1);
    show();
  };
  button(steps, "Previous", () => go(at - 1));
  button(steps, "Next", () => go(at + 1));
  button(steps, "Next not coded", () => {
    const ahead = [...order.keys()].map((i) => (at + 1 + i) % order.length);
    go(ahead.find((i) => !codes[order[i]]) ?? at);
  });
  button(steps, "Download my codes", () => {
    const lines = bench.vignettes.filter(({ id }) => codes[id]).map(({ id }) => `${id},${codes[id]}\n`);
    download("typology_codes.csv", `vignette_id,code\n${lines.join("")}`, "text/csv");
  });

  function show() {
    const one = all[order[at]];
    const mine = codes[one.id];
    head.textContent = `Vignette ${at + 1} of ${order.length}; ${Object.keys(codes).length} coded`;
    text.textContent = one.text;
    who.textContent = [one.date, one.sender].filter(Boolean).join("; ");
    buttons.forEach((node, i) => node.setAttribute("aria-pressed", String(bench.codes[i] === mine)));
    told.replaceChildren();
    if (problem) told.append(put("p", `⚠ ${problem}`));
    if (mine) {
      const verdict = mine === one.key ? `✓ As in the key: ${one.key}.`
        : `✗ You chose ${mine}; the key says ${one.key}.`;
      const source = put("p", "Source: ");
      source.append(/^https?:\/\//.test(one.source)
        ? put("a", one.source, { href: one.source, target: "_blank", rel: "noopener noreferrer" })
        : one.source);
      told.append(put("p", `${verdict} ${one.explanation}`));
      if (one.alternative) told.append(put("p", `A defensible alternative: ${one.alternative}`));
      told.append(source);
    }
    said.textContent = agreementSaid(bench, codes);
  }

  place.replaceChildren(head, quote, choices, told, steps, said);
  show();
}
