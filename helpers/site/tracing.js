// The process tracing bench, as helpers/panels/cases/tracing.py, weighing.py and
// helpers/stats/process_tracing.py; what is weighed is kept in the browser.
const TIE = 1e-9;
const steady = (x) => rounded(x, 9); // no last digit decides what is said
const share = (x) => percent(steady(x));
const inDecibels = (x) => signed(steady(x), 1).replace("-0.0", "+0.0");

const logSum = (logs) => {
  const most = Math.max(...logs);
  return most + Math.log(sum(logs.map((x) => Math.exp(x - most))));
};

// Cards with what they are worth to each hypothesis: `table` is [[card, [P(card | H), ...]], ...].
const speaks = ([, row]) => Math.max(...row) - Math.min(...row) > TIE;

function sharedSources(table, groups) {
  const counts = {};
  for (const one of table.filter(speaks)) {
    counts[groups[one[0]]] = (counts[groups[one[0]]] ?? 0) + 1;
  }
  return table.map((one) => (speaks(one)
    ? [one[0], one[1].map((p) => p ** (1 / counts[groups[one[0]]]))] : one));
}

// As `update`: the path of beliefs from the prior on, and who leads.
function updated(prior, table) {
  let logs = prior.map(Math.log);
  const normed = () => {
    const total = logSum(logs);
    return logs.map((x) => x - total);
  };
  const path = [normed()];
  for (const [, row] of table) {
    logs = logs.map((x, h) => x + Math.log(row[h]));
    path.push(normed());
  }
  const last = path.at(-1);
  const most = Math.max(...last);
  return {
    path: path.map((step) => step.map(Math.exp)),
    posterior: last.map(Math.exp),
    leaders: last.flatMap((x, h) => (x >= most - TIE ? [h] : [])).join(),
  };
}

// As `classify` with its usual cut-offs.
function testType(p, q) {
  const slack = 1e-9;
  const certain = p >= 0.9 - slack && 1 - q >= 3 * (1 - p) * (1 - slack);
  const unique = q <= 0.1 + slack && p >= 3 * q * (1 - slack);
  if (certain && unique) return "doubly decisive";
  if (unique) return "smoking gun";
  return certain ? "hoop" : "straw in the wind";
}

function readAs(prior, table, focal) {
  const rest = sum(prior.filter((_, h) => h !== focal));
  return table.map(([, row]) => {
    const p = row[focal];
    const q = sum(row.map((x, h) => (h === focal ? 0 : x * (prior[h] / rest))));
    return { p, q, ratio: p / q, decibels: 10 * Math.log10(p / q), test: testType(p, q) };
  });
}

function cardsOf(given, weights) {
  const own = weights.own.map(([id, title, source]) => ({
    id, title, card: title, quote: "", source_group: `own: ${source || id}`,
    source: source || "not given", source_url: source.startsWith("http") ? source : "",
    ask: "", refers: "",
  }));
  return [...given.cards, ...own];
}

const priorOf = (given, weights) => {
  const points = given.keys.map((h) => weights.prior[h] ?? given.start);
  return points.map((each) => each / sum(points));
};

const likelihoods = (given, weights) => cardsOf(given, weights)
  .filter(({ id }) => !weights.left_out.includes(id))
  .map(({ id }) => [id, given.keys.map((h) =>
    given.probabilities[weights.expected[id]?.[h] ?? given.neutral])]);

function weigh(given, weights, state, whose) {
  const { keys, names } = given;
  const focal = keys.indexOf(state.focal);
  const prior = priorOf(given, weights);
  const table = likelihoods(given, weights);
  if (!table.length) {
    throw new Error("Every card is left out; take at least one of them back in.");
  }
  const cards = Object.fromEntries(cardsOf(given, weights).map((one) => [one.id, one]));
  const groups = Object.fromEntries(Object.values(cards).map((one) => [one.id, one.source_group]));
  const counted = (some) => (state.once ? sharedSources(some, groups) : some);
  const used = counted(table);
  const result = updated(prior, used);
  const counts = readAs(prior, used, focal).map((one) => one.decibels);
  const tests = readAs(prior, table, focal).map(({ p, q, ratio, test }, i) => {
    const [id] = table[i];
    const { title, card, quote, source, source_url: url } = cards[id];
    const others = table.filter((_, k) => k !== i);
    const then = updated(prior, others.length ? counted(others) : []);
    return {
      id, card: title, text: card + (quote ? ` “${quote}”` : ""), source, url,
      test: speaks(table[i]) ? test : "not weighed",
      p_given_h: p, p_given_rest: q, ratio, decibels: counts[i],
      without: then.posterior[focal], posterior: result.posterior[focal],
      changes: then.leaders === result.leaders ? "same one leads" : "another one leads",
    };
  });

  const totals = keys.map((_, h) => sum(used.map(([, row]) => Math.log(row[h]))));
  const rest = sum(prior.filter((_, h) => h !== focal));
  const shares = totals.map((total, h) => Math.log(prior[h] / rest) + total);
  const swept = given.grid.map((before) => {
    const logs = totals.map((total, h) =>
      (h === focal ? Math.log(before) + total : Math.log1p(-before) + shares[h]));
    const all = logSum(logs);
    return logs.map((x) => Math.exp(x - all));
  });
  const gap = Math.max(...shares.filter((_, h) => h !== focal)) - totals[focal];
  const leadsFrom = Math.exp(gap - logSum([0, gap]));

  const titles = ["before any card", ...table.map(([id]) => cards[id].title)];
  const each = (rows) => keys.flatMap((_, h) => rows.map((row, i) => [h, row, i]));
  return {
    rows: {
      beliefs: keys.map((_, h) => ({ hypothesis: names[h], statement: given.statements[h],
        prior: prior[h], posterior: result.posterior[h] })),
      path: each(result.path).map(([h, row, step]) => (
        { step, card: titles[step], hypothesis: names[h], share: row[h] })),
      tests,
      sweep: each(swept).map(([h, row, i]) => (
        { prior: given.grid[i], hypothesis: names[h], share: row[h] })),
      here: [{ prior: prior[focal] }],
    },
    sentence: `${whose}. ` + weighed(given, state, table, groups, result, tests, leadsFrom),
    table: testTable(tests, names[focal], state.once),
    notes: Object.fromEntries(keys.map((h, i) => [h, share(result.posterior[i])])),
  };
}

function weighed(given, state, table, groups, result, tests, leadsFrom) {
  const said = table.filter(speaks);
  if (!said.length) {
    return `None of the ${table.length} cards says anything yet, so every hypothesis keeps its ` +
      "prior. Weigh a card to begin.";
  }
  const order = result.posterior.map((p, h) => [steady(p), h]).sort((a, b) => b[0] - a[0]);
  let words = `${said.length} of ${table.length} cards weighed: ` +
    `${order.map(([p, h]) => `${given.names[h]} ${share(p)}`).join(", ")}.`;
  const weight = ({ decibels }) => steady(Math.abs(decibels));
  const strongest = tests.reduce((best, one) => (weight(one) > weight(best) ? one : best));
  words += weight(strongest) < 0.05
    ? ` No card weighs for or against ${state.focal}.`
    : ` The strongest card ${strongest.decibels > 0 ? "for" : "against"} ${state.focal} is ` +
      `“${strongest.card}” (${inDecibels(strongest.decibels)} dB, ${strongest.test}).`;
  const fragile = tests.filter(({ changes }) => changes === "another one leads");
  words += fragile.length
    ? ` Another hypothesis leads if you leave out: ${fragile.map(({ card }) => card).join("; ")}.`
    : " No single card decides which one leads.";
  words += ` ${state.focal} leads from a prior of ${share(leadsFrom)} on.`;
  const counts = {};
  for (const [id] of said) counts[groups[id]] = (counts[groups[id]] ?? 0) + 1;
  const several = Object.entries(counts).filter(([, n]) => n > 1).map(([name, n]) => `${name} (${n})`);
  if (!several.length) return words;
  const how = state.once ? "counted once" : "counted as if independent";
  return `${words} Cards that share a source are ${how}: ${several.sort().join(", ")}.`;
}

const testTable = (tests, focal, once) => ({
  columns: ["card", `if ${focal}`, "if one of the rest", "ratio",
    once ? "decibels, one source shared" : "decibels", "test", "without it", "source", "address"],
  right: [],
  rows: tests.map((row) => [row.card, fixed(steady(row.p_given_h), 2),
    fixed(steady(row.p_given_rest), 2), fixed(steady(row.ratio), 2),
    inDecibels(row.decibels), row.test, share(row.without), row.source, row.url]),
});

// As `compare`.
function comparedReaders(given, mine, theirs) {
  const out = [...mine.left_out, ...theirs.left_out];
  const both = given.cards.filter(({ id }) => !out.includes(id));
  if (!both.length) throw new Error("You and your partner count no card in common.");
  const only = (weights) => likelihoods(given, weights)
    .filter(([id]) => both.some((one) => one.id === id));
  const [a, b] = [only(mine), only(theirs)];
  const found = both.map(({ title }, i) => {
    const db = a[i][1].map((p) => 10 * Math.log10(p));
    const gap = db.map((x, h) => x - 10 * Math.log10(b[i][1][h]));
    const first = gap.indexOf(Math.max(...gap));
    const second = gap.indexOf(Math.min(...gap));
    const difference = gap[first] - gap[second];
    const own = db[first] - db[second];
    return { title, first, second, mine: own, theirs: own - difference, difference };
  }).filter(({ difference }) => difference > 1e-9)
    .sort((one, other) => steady(other.difference) - steady(one.difference));
  if (!found.length) {
    return { rows: { pairs: [] }, table: {},
      sentence: `You weigh all ${both.length} cards in the same way.` };
  }
  const ratio = ({ first, second }) => `${given.names[first]} to ${given.names[second]}`;
  const [leadsMine, leadsTheirs] = [[mine, a], [theirs, b]].map(([weights, table]) =>
    given.names[Number(updated(priorOf(given, weights), table).leaders.split(",")[0])]);
  return {
    rows: { pairs: found.flatMap((row) => {
      const about = `${given.keys[row.first]} against ${given.keys[row.second]}`;
      const card = `${row.title} (${about})`;
      return [["you", row.mine], ["your partner", row.theirs]].map(([reader, decibels]) => (
        { card, about, reader, decibels }));
    }) },
    sentence: `You differ on ${found.length} of ${both.length} cards, most on ` +
      `“${found[0].title}”: ${fixed(steady(found[0].difference), 1)} dB apart on ` +
      `${ratio(found[0])}. ` + (leadsMine === leadsTheirs
      ? `On these cards ${leadsMine} leads for both of you.`
      : `On these cards ${leadsMine} leads for you, ${leadsTheirs} for your partner.`),
    table: {
      columns: ["card", "ratio of", "you (dB)", "partner (dB)", "apart (dB)"],
      right: [],
      rows: found.map((row) => [row.title, ratio(row), inDecibels(row.mine),
        inDecibels(row.theirs), fixed(steady(row.difference), 1)]),
    },
  };
}

// As `as_file` and `from_file`.
const asFile = (given, weights) => ({
  format: given.format,
  case: given.case,
  scale: given.probabilities,
  hypotheses: Object.fromEntries(given.keys.map((h, i) => [h, given.statements[i]])),
  "prior points": Object.fromEntries(given.keys.map((h) => [h, weights.prior[h] ?? given.start])),
  cards: Object.fromEntries(cardsOf(given, weights).map(({ id, title, source }) => [id, {
    title,
    source: weights.own.find(([name]) => name === id)?.[2] ?? source,
    counts: !weights.left_out.includes(id),
    expected: { ...weights.expected[id] },
  }])),
});

function fromFile(given, content, whole = true) {
  const plain = (x) => typeof x === "object" && x !== null && !Array.isArray(x);
  if (!plain(content) || content.format !== given.format) {
    throw new Error("it is not a file of evidence cards made with Export.");
  }
  if (content.case !== given.case) {
    throw new Error(`it is on the case '${content.case}', not on ${given.case}.`);
  }
  const points = content["prior points"];
  if (!plain(points) || !same(Object.keys(points).sort(), [...given.keys].sort())) {
    throw new Error(`its prior points must name ${given.keys.join(", ")}.`);
  }
  const [least, most] = given.points;
  for (const [h, value] of Object.entries(points)) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`the prior points of ${h} must be a whole number from 1 to 20.`);
    }
  }
  if (!plain(content.cards) || !Object.keys(content.cards).length) {
    throw new Error("it has no cards.");
  }
  const known = given.cards.map(({ id }) => id);
  const missing = known.filter((id) => !(id in content.cards));
  if (whole && missing.length) {
    throw new Error(`it is not complete: ${missing.join(", ")} is missing.`);
  }
  const weights = { prior: {}, expected: {}, left_out: [], own: [] };
  for (const [id, card] of Object.entries(content.cards)) {
    const words = card?.expected;
    if (!plain(words)) throw new Error(`its card '${id}' does not say how expected it is.`);
    if (!known.includes(id) && !id.startsWith("own")) {
      throw new Error(`its card '${id}' is not one of this case.`);
    }
    for (const [h, word] of Object.entries(words)) {
      if (!given.keys.includes(h) || !Object.hasOwn(given.probabilities, word)) {
        throw new Error(`its card '${id}' has '${h}': '${word}', which is not on the scale.`);
      }
    }
    if (!known.includes(id)) {
      weights.own.push([id, cut(String(card.title ?? ""), 80), cut(String(card.source ?? ""), 300)]);
    }
    if (Object.keys(words).length) weights.expected[id] = { ...words };
    if (card.counts === false) weights.left_out.push(id);
  }
  if (weights.own.length > given.most_own) {
    throw new Error(`it has more than ${given.most_own} cards that are not in this notebook.`);
  }
  if (Object.values(points).some((each) => each !== given.start)) weights.prior = { ...points };
  return weights;
}

const cut = (text, most) => [...text].slice(0, most).join("");
const squeezed = (text, most) => cut(text.split(/\s+/).filter(Boolean).join(" "), most);

function cardHtml(card, count) {
  const quote = card.quote ? ` In words of the source: “${escaped(card.quote)}”.` : "";
  const refers = card.refers ? ` (${escaped(card.refers)})` : "";
  const ask = card.ask ? `<p><i>Ask:</i> ${escaped(card.ask)}</p>` : "";
  const source = card.source_url
    ? `<a href='${escaped(card.source_url)}' target='_blank' rel='noopener noreferrer'>` +
      `${escaped(card.source)}</a>` : escaped(card.source);
  return `<p><b>${escaped(card.id)}.</b> ${escaped(card.card)}${quote}</p>` +
    `<p>Source: ${source}${refers}. ${count}</p>${ask}`;
}

const NOTHING = () => ({ prior: {}, expected: {}, left_out: [], own: [] });

// Stands for the bench of Python: `pair`, once there is a partner, for its second view.
function tracingModel({ given, views }) {
  const model = standIn({ ...views.bench, frame: { serial: 0 } });
  model.pair = standIn({ ...views.pair, frame: { serial: 0 } });
  model.pair.send = () => {};
  const key = `hrd.${given.keep}`;
  const read = { focal: "H3", once: false, ours: false };
  const said = { own: "", exported: "", partner: "" };
  const typed = { own_title: "", own_source: "", path: "" };
  let [weights, partner, before, notice] = [NOTHING(), null, null, ""];
  try {
    const kept = localStorage.getItem(key);
    if (kept) weights = fromFile(given, JSON.parse(kept), false);
  } catch (problem) {
    notice = `The weights kept from last time cannot be used: ${problem.message}`;
  }
  const cards = () => cardsOf(given, weights);
  let place = Math.max(0, cards().findIndex(({ id }) => !(id in weights.expected)));
  let frame = model.get("frame");

  function changed(to, was = null) {
    [weights, before] = [to, was];
    try {
      localStorage.setItem(key, JSON.stringify(asFile(given, weights)));
      notice = "";
    } catch {
      notice = "This browser keeps nothing: what you weigh is gone with the page; use Export.";
    }
    show();
  }
  const say = (about, text, sign = "⚠") => {
    said[about] = `<p>${escaped(`${sign} ${text}`)}</p>`;
    show();
  };
  const rate = (words) => {
    const { id } = cards()[place];
    const expected = { ...weights.expected, [id]: { ...weights.expected[id], ...words } };
    changed({ ...weights, expected });
  };

  function add() {
    const [title, source] = [squeezed(typed.own_title, 80), squeezed(typed.own_source, 300)];
    typed.own_title = typed.own_source = "";
    const taken = weights.own.map(([name]) => name);
    if (!title) return say("own", "Write what was seen before you add the card.");
    if (taken.length >= given.most_own) {
      return say("own", `There is room for ${given.most_own} cards of your own.`);
    }
    let n = 1;
    while (taken.includes(`own-${n}`)) n += 1;
    said.own = "<p>✓ Added; weigh it now.</p>";
    place = cards().length;
    changed({ ...weights, own: [...weights.own, [`own-${n}`, title, source]] });
  }

  function remove() {
    const { id } = cards()[place];
    const own = weights.own.filter(([name]) => name !== id);
    if (own.length === weights.own.length) return say("own", "Only a card of your own can be removed.");
    const { [id]: _, ...expected } = weights.expected;
    place = 0;
    changed({ ...weights, own, expected, left_out: weights.left_out.filter((one) => one !== id) });
  }

  function readPartner({ text }) {
    partner = null;
    try {
      if (text === undefined) throw new Error("it is larger than a file of evidence cards can be.");
      let content;
      try {
        content = JSON.parse(text.replace(/^\uFEFF/, ""));
      } catch {
        throw new Error("it is not a JSON file, or it was cut off.");
      }
      partner = fromFile(given, content);
    } catch (problem) {
      return say("partner", `This file cannot be compared: ${problem.message}`);
    }
    say("partner", "Read; the comparison stands under the bench.", "✓");
  }

  const step = (to) => {
    place = Math.min(Math.max(to, 0), cards().length - 1);
    show();
  };
  const presses = {
    previous: () => step(place - 1),
    next: () => step(place + 1),
    next_open() {
      const ids = cards().map(({ id }) => id);
      const ahead = [...ids.keys()].map((i) => (place + 1 + i) % ids.length);
      step(ahead.find((i) => !(ids[i] in weights.expected)) ?? place);
    },
    same: () => read.ours || rate(Object.fromEntries(given.keys.map((h) => [h, given.neutral]))),
    add,
    remove,
    export() {
      const file = `cards_${given.case}.json`;
      download(file, `${JSON.stringify(asFile(given, weights), null, 2)}\n`, "application/json");
      say("exported", `Downloaded: ${file}. Hand it to a partner; it opens in any text editor.`, "✓");
    },
    start_over() {
      place = 0;
      if (same(weights, NOTHING())) show();
      else changed(NOTHING(), weights);
    },
    undo: () => before && changed(before),
  };

  function moved(field, value) {
    const [what, h] = field.split(/_(?=H\d+$)/);
    if (field === "card") step(cards().findIndex(({ id }) => id === value));
    else if (field in typed) typed[field] = String(value);
    else if (field in read) {
      read[field] = value;
      show();
    } else if (field === "upload") readPartner(value);
    else if (what === "if") {
      if (!read.ours) rate({ [h]: value });
    } else if (what === "prior") {
      const points = Object.fromEntries(given.keys.map((one) => [one, weights.prior[one] ?? given.start]));
      if (!read.ours) changed({ ...weights, prior: { ...points, [h]: Number(value) } });
    } else if (field === "left_out") {
      if (read.ours) return;
      const { id } = cards()[place];
      const rest = weights.left_out.filter((one) => one !== id);
      changed({ ...weights, left_out: value ? [...rest, id] : rest });
    } else presses[field]?.();
  }

  function standing(shown) {
    const all = cards();
    const now = all[place];
    const done = all.filter(({ id }) => id in weights.expected).length;
    const each = (value) => given.keys.map((h) => [h, value(h)]);
    const greyed = { path: IN_LAB };
    if (read.ours) {
      for (const h of given.keys) greyed[`if_${h}`] = greyed[`prior_${h}`] = given.ours;
      greyed.same = greyed.left_out = given.ours;
    }
    if (given.cards.includes(now)) greyed.remove = { true: given.not_own };
    if (!before) greyed.undo = { true: given.no_undo };
    const sign = (id) => (weights.left_out.includes(id) ? " (left out)"
      : id in weights.expected ? " ✓" : "");
    return {
      state: {
        guide: given.guide,
        card: now.id,
        text: cardHtml(now, `Card ${place + 1} of ${all.length}; ${done} weighed.`),
        ...Object.fromEntries(each((h) => shown.expected[now.id]?.[h] ?? given.neutral)
          .map(([h, word]) => [`if_${h}`, word])),
        left_out: weights.left_out.includes(now.id),
        ...read,
        ...Object.fromEntries(each((h) => shown.prior[h] ?? given.start)
          .map(([h, points]) => [`prior_${h}`, points])),
        ...typed,
        ...said,
      },
      greyed,
      options: { card: all.map(({ id, title }, i) => [id, `${i + 1}. ${title}${sign(id)}`]) },
    };
  }

  function show() {
    const shown = read.ours ? { ...NOTHING(), expected: given.reading } : weights;
    const whose = read.ours
      ? "Our worked reading, an illustration; yours is kept" : "Your weights";
    const controls = standing(shown);
    try {
      const { rows, sentence, table, notes } = weigh(given, shown, read, whose);
      for (const name of ["beliefs", "path"]) {
        const still = same(frame.rows?.[name], rows[name]);
        rows[`${name}_ghost`] = frame.rows?.[still ? `${name}_ghost` : name] ?? [];
      }
      const prior = priorOf(given, shown);
      const beside = Object.fromEntries(given.keys.flatMap((h, i) => [
        [`if_${h}`, `now ${notes[h]}`], [`prior_${h}`, share(prior[i])]]));
      frame = { ...frame, ...controls, rows, sentence: sentence + (notice ? ` ⚠ ${notice}` : ""),
        table, notes: beside, error: "", shown: "" };
    } catch (problem) {
      frame = { ...frame, ...controls, error: problem.message, shown: "" };
    }
  }

  function put(turn) {
    frame = { ...frame, serial: frame.serial + 1, turn };
    model.put("frame", frame);
    if (!partner) return model.paired?.(false);
    const last = model.pair.get("frame");
    let next;
    try {
      next = { ...comparedReaders(given, weights, partner), error: "", shown: "" };
    } catch (problem) {
      next = { error: problem.message };
    }
    model.pair.put("frame", { ...last, ...next, serial: last.serial + 1 });
    model.paired?.(true);
  }

  model.send = (message) => {
    if (message.kind === "vega") return;
    for (const [field, value] of Object.entries(message.changes ?? {})) moved(field, value);
    queueMicrotask(() => put(message.turn));
  };
  model.setting = () => "";
  model.open = () => {};
  show();
  put("");
  return model;
}
