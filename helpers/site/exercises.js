// An exercise without Python: the form's view is that of the notebook; this answers it.
const GLYPHS = { Right: "✓", "Not yet": "○", Blank: "–", Unreadable: "?", Recorded: "●" };
const KEPT = "hrd.answers";
const SHARE = "that is a share; in per cent it is a hundred times as much.";
const utf8 = (text) => new TextEncoder().encode(text);
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (c) =>
    ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" })[c]);

async function unsealed(key, hex) {
  const text = fromHex(hex);
  for (let block = 0; block * 32 < text.length; block++) {
    const pad = await sha256(joined(key, [0, 0, block >> 8, block & 255]));
    for (let i = 0; i < 32 && block * 32 + i < text.length; i++) text[block * 32 + i] ^= pad[i];
  }
  return new TextDecoder().decode(text);
}

const unveiled = async (entry, label, hex) =>
  unsealed(await sha256(joined(fromHex(entry.salt), utf8(label))), hex);

async function lookUp(entry, canonical) {
  const base = await crypto.subtle.importKey("raw", utf8(canonical), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(entry.salt), iterations: entry.cost };
  const raw = new Uint8Array(await crypto.subtle.deriveBits(how, base, 224));
  const found = entry.table[toHex(raw.slice(0, 12))];
  if (!found) return null;
  const own = raw.slice(12);
  const key = fromHex(found[1]).map((byte, i) => byte ^ own[i]);
  const said = JSON.parse(await unsealed(key, entry.sealed[Number(found[0])]));
  return { right: said.r, message: said.m };
}

// Grading, as helpers/exercises/grading.py ------------------------------------------------

const byCode = (a, b) => {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0);
  }
  return x.length - y.length;
};

function matched(entry, answer) {
  const place = entry.folded.indexOf(reading.fold(answer));
  if (place >= 0) return entry.options[place];
  const listed = entry.options.map((option) => option.replace(/\.+$/, "")).join("; ");
  throw new reading.Unreadable(
    `"${reading.cut(String(answer), 60)}" is not one of the options: ${listed}.`);
}

function readAnswer(entry, answer) {
  const kind = entry.kind === "prediction" ? entry.entry : entry.kind;
  if (kind === "number") return reading.number(answer, entry.unit);
  if (kind === "choice") return matched(entry, answer);
  if (kind === "multiple") return [...new Set(answer.map((a) => matched(entry, a)))].sort(byCode);
  if (kind === "ordering") {
    const chosen = answer.map((a) => matched(entry, a));
    const twice = entry.options.find((o) => chosen.filter((c) => c === o).length > 1);
    if (twice) throw new reading.Unreadable(`"${twice}" is used more than once.`);
    const missing = entry.options.find((o) => !chosen.includes(o));
    if (missing) throw new reading.Unreadable(`"${missing}" has no place yet.`);
    return chosen;
  }
  return reading.strip(String(answer));
}

function canonicalForms(entry, value) {
  const quoted = (option) => entry.quoted[entry.options.indexOf(option)];
  const folded = (option) => entry.folded[entry.options.indexOf(option)];
  if (entry.kind === "number") return [reading.onGrid(value, entry.places)];
  if (entry.kind === "choice") return [folded(value)];
  if (entry.kind === "text") return [reading.foldWords(value)];
  if (entry.kind === "ordering") {
    const pairs = [];
    value.forEach((a, i) => value.slice(i + 1).forEach((b) =>
      pairs.push(`before:[${quoted(a)}, ${quoted(b)}]`)));
    return [`order:[${value.map(quoted).join(", ")}]`, ...(entry.partial ? pairs : [])];
  }
  const sorted = [...new Set(value.map(folded))].sort(byCode);
  const texts = sorted.map((text) => entry.quoted[entry.folded.indexOf(text)]);
  const states = entry.options.map((o) => `${value.includes(o) ? "has" : "lacks"}:${folded(o)}`);
  return [`set:[${texts.join(", ")}]`, ...(entry.partial ? states : [])];
}

async function firstFinding(entry, forms) {
  for (const form of forms) {
    const found = await lookUp(entry, form);
    if (found) return found;
  }
  return null;
}

const isBlank = (answer) =>
  answer == null || (Array.isArray(answer) ? !answer.length : !reading.strip(String(answer)));

async function grade(entry, answer) {
  const { checked } = entry;
  if (isBlank(answer)) return { word: "Blank", message: `nothing entered yet for ${entry.id}.`, checked: "" };
  let value;
  try {
    value = readAnswer(entry, answer);
  } catch (error) {
    if (!(error instanceof reading.Unreadable)) throw error;
    return { word: "Unreadable", message: error.message, checked: "" };
  }
  const reason = entry.kind === "prediction" ? impossible(entry, value) : "";
  if (reason) return { word: "Unreadable", message: reason, checked: "" };
  if (entry.kind === "prediction" || entry.kind === "reflection") {
    const what = entry.kind === "prediction" ? "your prediction" : "your text";
    return { word: "Recorded", message: `${what} for ${entry.id}.`, checked };
  }
  const found = await firstFinding(entry, canonicalForms(entry, value));
  if (found) return { word: found.right ? "Right" : "Not yet", message: found.message, checked };
  return { word: "Not yet", message: (await nearMiss(entry, value, answer)) || entry.general, checked };
}

function impossible(entry, value) {
  if (entry.entry !== "number") return "";
  const unit = entry.unit ?? "";
  if (RULES.percent.includes(unit)) {
    if (value >= 0 && value <= (entry.most ?? 100)) return "";
    return entry.most == null ? "A share lies between 0 and 100 per cent."
      : `It lies between 0 and ${reading.numberText(entry.most)} per cent.`;
  }
  if (RULES.counted.includes(unit) && (value < 0 || !Number.isInteger(value))) {
    return `A number of ${unit} is a whole number, 0 or more.`;
  }
  if (entry.most != null && value > entry.most) {
    return `There are ${reading.numberText(entry.most)} in all.`;
  }
  return "";
}

const isRight = async (entry, value) =>
  (typeof value !== "number" || Number.isFinite(value)) &&
  Boolean((await firstFinding(entry, canonicalForms(entry, value).slice(0, 1)))?.right);

async function nearMiss(entry, value, answer) {
  if (entry.kind === "number") return nearNumber(entry, value, answer);
  if (entry.kind === "multiple") return nearSet(entry, value);
  return entry.kind === "ordering" ? nearOrder(entry, value) : "";
}

async function nearNumber(entry, value, answer) {
  const percent = [...RULES.percent, ...RULES.points].includes(entry.unit);
  if (await isRight(entry, 100 * value)) {
    return percent ? SHARE : "right but for a factor of a hundred: too small.";
  }
  if (await isRight(entry, value / 100)) return "right but for a factor of a hundred: too large.";
  if (value && (await isRight(entry, -value))) return "the size is right, the sign is not.";
  if (value && (await isRight(entry, 1 / value))) {
    return "that is one divided by the answer: turn it round.";
  }
  const typed = reading.decimalsTyped(String(answer));
  if (typed !== null && typed < 6) {
    const half = 0.5 * Number(`1e-${typed}`);
    const step = Math.max(entry.tolerance, half / 25, 1e-6);
    for (let k = 1; k < Math.trunc(half / step) + 2; k++) {
      const by = Math.min(k * step, half);
      if ((await isRight(entry, value - by)) || (await isRight(entry, value + by))) {
        return "close, but rounded too far: give more decimals.";
      }
    }
  }
  const whole = Math.abs(value) < 1e9 && Number.isInteger(value);
  const beside = whole && entry.tolerance < 1 &&
    ((await isRight(entry, value - 1)) || (await isRight(entry, value + 1)));
  if (beside) return "one off: count again, ends included.";
  const [low, high] = entry.between ?? [value, value];
  if (value >= low && value <= high) return "";
  const ends = `${reading.numberText(low)} and ${reading.numberText(high)}`;
  return `too ${value < low ? "small" : "large"}: it lies between ${ends}.`;
}

async function nearSet(entry, chosen) {
  for (const option of entry.options.filter((o) => !chosen.includes(o))) {
    if (await isRight(entry, [...chosen, option])) {
      return "all of these fit, and one is still missing.";
    }
  }
  for (const option of chosen) {
    if (await isRight(entry, chosen.filter((o) => o !== option))) {
      return "one too many: the others are right.";
    }
  }
  return "";
}

async function nearOrder(entry, order) {
  if (await isRight(entry, order.slice().reverse())) return "the order is right the other way round.";
  for (let k = 0; k < order.length - 1; k++) {
    const swapped = [...order.slice(0, k), order[k + 1], order[k], ...order.slice(k + 2)];
    if (await isRight(entry, swapped)) {
      return k ? `nearly: two neighbours have changed places, after the first ${k}.`
        : "nearly: the first two have changed places.";
    }
  }
  // Only the last four are tried in every order: a sealed entry takes its time for each.
  for (let k = order.length - 3; k > Math.max(order.length - 5, 0); k--) {
    for (const rest of orders(order.slice(k))) {
      if (await isRight(entry, [...order.slice(0, k), ...rest])) {
        return k > 1 ? `the first ${k} are right.` : "only the first is right so far.";
      }
    }
  }
  return "";
}

const orders = (items) => items.length < 2 ? [items] : items.flatMap((item, at) =>
  orders(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]));

// What is kept, as helpers/store/answers.py ------------------------------------------------

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "+00:00");

// As "2026-11-28, 06:12" on this computer's clock.
function when(at) {
  const day = new Date(at);
  if (isNaN(day)) return "";
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}, ` +
    `${two(day.getHours())}:${two(day.getMinutes())}`;
}

function answersKept() {
  try {
    const content = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return content.answers && typeof content.answers === "object" ? content.answers : {};
  } catch {
    return {};
  }
}

// Returns one sentence when nothing could be kept.
function changeAnswer(identifier, change) {
  try {
    const answers = answersKept();
    change((answers[identifier] ??= { history: [] }));
    localStorage.setItem(KEPT, JSON.stringify({ version: 1, answers }));
    return "";
  } catch {
    return "Your answer could not be saved in this browser; the check itself worked.";
  }
}

function storable(entry, answer) {
  if (typeof answer === "string" && ["number", "prediction"].includes(entry.kind)) {
    return reading.cut(answer, 500);
  }
  try {
    return readAnswer(entry, answer);
  } catch {
    return typeof answer === "string" ? reading.cut(answer, 5000) : answer;
  }
}

function recordAnswer(entry, answer, verdict) {
  const value = storable(entry, answer);
  return changeAnswer(entry.id, (record) => {
    const phase = record.revealed ? "after reveal" : "before reveal";
    Object.assign(record, { value, verdict });
    record.history.push({ at: now(), value, verdict, phase });
  });
}

function predictionOf(entry) {
  const usable = (answersKept()[entry.id]?.history ?? []).filter(
    (h) => h.verdict === "Recorded" && h.phase === "before reveal");
  if (!usable.length) return null;
  const { value } = usable.at(-1);
  try {
    return readAnswer(entry, value);
  } catch {
    return value;
  }
}

// The forms --------------------------------------------------------------------------------

const button = (name, label, off = "") => ({ name, label, off });

function verdictHtml({ word, message, checked }, notice) {
  const small = [checked, notice].filter(Boolean)
    .map((text) => `<div class="hrd-small">${escaped(text)}</div>`).join("");
  const sign = `<span aria-hidden="true">${GLYPHS[word]}</span>`;
  return `<strong>${sign} ${word}</strong>${message ? `: ${escaped(message)}` : ""}${small}`;
}

function formModel(entry) {
  const kind = entry.kind === "prediction" ? "Prediction" : "Exercise";
  const title = `${kind} ${entry.id}`;
  const model = standIn({ facts: { name: title, title, look: "hrd-exercise", controls: entry.fields }, frame: {} });
  const submit = { prediction: "Record", reflection: "Save" }[entry.kind] ?? "Check";
  let shown = 0;
  let typed = {};
  const say = (changes) =>
    model.put("frame", { ...model.get("frame"), ...changes,
      filled: (model.get("frame").filled ?? 0) + ("entry" in changes ? 1 : 0) });

  function act() {
    const actions = [button("submit", submit)];
    const count = entry.hints.length;
    if (count) {
      const left = shown < count;
      actions.push(button("hint", left ? `Hint ${shown + 1} of ${count}` : "No more hints",
        left ? "" : "all hints are shown"));
    }
    say({ actions });
  }

  function entered() {
    const values = entry.fields.map((field) => typed[field.field]);
    const form = entry.kind === "prediction" ? entry.entry : entry.kind;
    return form === "ordering" ? values.filter(Boolean) : values[0];
  }

  function refill() {
    const { value, history } = answersKept()[entry.id] ?? {};
    if (value == null) return;
    const values = entry.fields.length > 1 ? value : [value];
    const fits = Array.isArray(values) && values.length === entry.fields.length &&
      entry.fields.every(({ options }, i) => !options ||
        [values[i]].flat().every((one) => options.some(([kept]) => kept === one)));
    if (!fits) return say({ said: "What you entered last no longer fits this form." });
    typed = Object.fromEntries(entry.fields.map((field, i) => [field.field, values[i]]));
    const at = when(history?.at?.(-1)?.at);
    say({ entry: typed, said: `Your last entry${at && ` (${at})`} is filled in.` });
  }

  model.send = async (message) => {
    typed = { ...typed, ...message.entry };
    if (!globalThis.crypto?.subtle) {
      say({ said: "This browser checks answers only on a page opened by https or from a file." });
    } else if (message.kind === "hint") {
      shown = Math.min(shown + 1, entry.hints.length);
      const hints = await Promise.all(
        entry.hints.slice(0, shown).map((hint) => unveiled(entry, "hints", hint)));
      say({ aside: `<ol>${hints.map((hint) => `<li>${escaped(hint)}</li>`).join("")}</ol>` });
      act();
    } else {
      const answer = entered();
      const verdict = await grade(entry, answer);
      const notice = verdict.word === "Blank" ? "" : recordAnswer(entry, answer, verdict.word);
      say({ said: verdictHtml(verdict, notice) });
    }
  };
  act();
  refill();
  return model;
}

function revealModel(entry, found) {
  const facts = { name: `Prediction ${entry.id} and the result`, title: "", look: "hrd-reveal", controls: [] };
  const model = standIn({ facts, frame: { actions: [button("compare", "Compare")] } });
  const say = (text) => model.put("frame", { ...model.get("frame"), said: escaped(text) });

  model.send = async () => {
    const here = await unveiled(entry, "found", found);
    const said = predictionOf(entry);
    if (said == null) return say(`No prediction recorded for ${entry.id}. Here: ${here}.`);
    changeAnswer(entry.id, (record) => (record.revealed ??= now()));
    const unit = typeof said === "number" && entry.unit ? (entry.unit === "%" ? "%" : ` ${entry.unit}`) : "";
    const mine = typeof said === "number" ? reading.numberText(said) : said;
    return say(`You predicted ${mine}${unit}; here is ${here}.`);
  };
  if (predictionOf(entry) != null) model.send();
  else say("Record your prediction above, then press Compare.");
  return model;
}

// The file that `collect` reads, as helpers/exercises/handin.py writes it.
function handInFile(name) {
  const plain = name.normalize("NFKD").replace(/[^\x00-\x7f]/g, "");
  let slug = plain.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase();
  if (!slug) slug = "u" + Array.from(name.trim()).slice(0, 8).map((c) => c.codePointAt(0).toString(16)).join("-");
  const content = { what: "hrd hand-in", version: 1, build: "", key: "",
    name: name.split(/\s+/).filter(Boolean).join(" ").slice(0, 80), made: now(), answers: answersKept() };
  return [`handin_${slug.slice(0, 40)}.json`, JSON.stringify(content, null, 1)];
}
