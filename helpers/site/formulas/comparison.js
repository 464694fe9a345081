// Back doors, as in helpers/theory/causal_graph.py.
function descendants(arrows, node) {
  const found = new Set();
  const front = [node];
  while (front.length) {
    const from = front.pop();
    for (const arrow of arrows) {
      if (arrow.from === from && !found.has(arrow.to)) {
        found.add(arrow.to);
        front.push(arrow.to);
      }
    }
  }
  return found;
}

// Every path, shortest first: its variables, whether each arrow points along it, and how it reads.
function pathsBetween(arrows, cause, effect) {
  const points = (a, b) => arrows.some(({ from, to }) => from === a && to === b);
  const walks = [];
  const growing = [[cause]];
  while (growing.length) {
    const walk = growing.pop();
    for (const { from, to } of arrows) {
      const next = from === walk.at(-1) ? to : to === walk.at(-1) ? from : null;
      if (next === effect) walks.push([...walk, next]);
      else if (next && !walk.includes(next)) growing.push([...walk, next]);
    }
  }
  const compare = (a, b) => a.length - b.length || (a < b ? -1 : 1);
  return walks.sort(compare).map((nodes) => {
    const forward = nodes.slice(1).map((node, i) => points(nodes[i], node));
    const words = nodes.slice(1).reduce(
      (text, node, i) => `${text} ${forward[i] ? "→" : "←"} ${node}`, nodes[0]);
    return { nodes, forward, words };
  });
}

// The variables that close a path: those held fixed on the way, and colliders left alone.
function closersOf({ nodes, forward }, below, fixed) {
  return nodes.slice(1, -1).filter((node, i) => {
    const collider = forward[i] && !forward[i + 1];
    return collider
      ? !fixed.some((one) => one === node || below[node].has(one))
      : fixed.includes(node);
  });
}

function combinations(items, size) {
  if (!size) return [[]];
  return items.flatMap((item, i) =>
    combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

formulas.BackDoors = (state, given) => {
  const drawn = given.arrows.filter(({ key }) => state.arrows.includes(key));
  const fixed = given.fixable.filter(([, key]) => state.fixed.includes(key)).map(([name]) => name);
  const [cause, effect] = given.compared;
  const below = Object.fromEntries(
    given.boxes.map(({ name }) => [name, descendants(drawn, name)]));
  const paths = pathsBetween(drawn, cause, effect)
    .map((path) => ({ ...path, closers: closersOf(path, below, fixed) }));
  const doors = paths.filter(({ forward }) => !forward[0]);
  const causal = paths.filter(({ forward }) => forward.every(Boolean));
  const opened = doors.filter(({ closers }) => !closers.length);

  const on = (some, { from, to }) => some.some(({ nodes, forward, closers }) =>
    !closers.length && nodes.some((node, i) => i < forward.length && (forward[i]
      ? node === from && nodes[i + 1] === to
      : node === to && nodes[i + 1] === from)));
  const arrows = given.arrows.map((arrow) => ({
    ...arrow.place,
    state: !drawn.includes(arrow) ? "taken away"
      : on(causal, arrow) ? "carries the effect"
      : on(doors, arrow) ? "on an open back-door path"
      : "on no open path",
    tip: arrow.tip,
  }));
  const boxes = given.boxes.map(({ name, x, y, text }) => {
    const kind = fixed.includes(name) ? "held fixed"
      : given.compared.includes(name) ? "compared" : "left free";
    const shown = kind === "held fixed" ? `${text}\nheld fixed` : text;
    return { x, y, text: shown, state: kind, tip: `${name}: ${kind}` };
  });

  // Descendants of the cause are left out: to hold one fixed takes away part of the effect.
  const usable = given.candidates.filter((name) => !below[cause].has(name)).sort();
  let closing = [];
  for (let size = 0; size <= usable.length && !closing.length; size += 1) {
    closing = combinations(usable, size).filter((chosen) =>
      doors.every((path) => closersOf(path, below, chosen).length));
  }
  const table = doors.length ? {
    columns: ["back-door path", "now", "closed by"],
    right: [],
    rows: doors.map(({ words, closers }) => [
      words,
      closers.length ? "closed" : "open",
      closers.map((node) => (fixed.includes(node) ? node : `${node} (two arrows meet there)`))
        .join(", "),
    ]),
  } : {};
  const sentence = `${saidOfDoors(opened, doors, closing, given)} ${saidOfEffect(causal, opened)}`;
  return { rows: { arrows, boxes }, sentence, table, greyed: {}, notes: {} };
};

function saidOfDoors(opened, doors, closing, { unmeasured, candidates }) {
  if (!doors.length) {
    return "There is no back-door path: nothing drawn acts on both being chosen and release.";
  }
  if (!opened.length) {
    return doors.length === 1 ? "No back-door path is open; the one drawn is closed."
      : `No back-door path is open; of the ${doors.length} drawn, each is closed.`;
  }
  const shortest = opened.filter(({ nodes }) => nodes.length === opened[0].nodes.length);
  const named = shortest.find(({ nodes }) => nodes.includes(unmeasured)) ?? shortest[0];
  const one = opened.length === 1;
  const text = `${opened.length} back-door path${one ? " is" : "s are"} open` +
    `${one ? ":" : ", among them"} ${named.words}.`;
  if (!closing.length) return text;
  // Every set closes all doors, so the one without the unmeasured variable is named if any.
  const best = closing.find((names) => !names.includes(unmeasured)) ?? closing[0];
  if (!best.length) {
    return `${text} Nothing need be held fixed: what you hold fixed has opened a path.`;
  }
  return `${text} Holding ${listed(candidates.filter((name) => best.includes(name)))} fixed ` +
    "closes every back door" +
    (best.includes(unmeasured) ? "; but nobody measured expected success." : ".");
}

function saidOfEffect(causal, opened) {
  if (!causal.length) {
    return "No arrows lead from chosen to released" + (opened.length
      ? ": any difference beyond chance is selection alone."
      : ", and no path is open: any difference is chance alone.");
  }
  if (causal.every(({ closers }) => closers.length)) {
    return "Holding diplomacy fixed shuts the effect out: that is how the campaign works.";
  }
  return opened.length ? "The difference between the groups is effect and selection together."
    : "If the drawing is right, the difference between the groups is the effect.";
}

// Recoded outcomes: the fewest that turn a verdict, as `fragility` in helpers/stats/comparison.py.
function turning(grid, [a, n, b, m], line) {
  const below = line * (1 - 1e-9);
  const verdict = grid[a][b] < below;
  const gap = Math.sign(a * m - b * n);
  const ways = verdict && gap ? [[-gap, gap]] : [[1, 1], [1, -1], [-1, 1], [-1, -1]];
  for (let k = 1; k <= n + m; k += 1) {
    const hits = ways.flatMap(([s, t]) => Array.from({ length: k + 1 }, (_, i) =>
      [a + s * i, b + t * (k - i)]))
      .filter(([x, y]) => x >= 0 && x <= n && y >= 0 && y <= m && grid[x][y] < below !== verdict)
      .map(([x, y]) => [rounded(Math.abs(grid[x][y] - line), 6), x, y])
      .sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
    if (hits.length) return { verdict, number: k, table: hits[0].slice(1) };
  }
  return { verdict, number: 0 };
}

formulas.Recode = (state, given) => {
  const [released, n] = given.short[`${state.coding} ${state.leave.join("+")}`];
  const [others, m] = given.others[state.ethiopia];
  const [a, b] = [released - state.take, others + state.add];
  if (!(a >= 0 && a <= n && b >= 0 && b <= m)) {
    throw new Error(`That would be ${a} releases of ${n} and ${b} of ${m}; move the sliders ` +
      "back towards 0.");
  }
  const { said, p: grids } = given.tests[state.test];
  const grid = grids[`${n} ${m}`];
  const line = Number(state.line);
  const short = (p) => (p < 0.001 ? "<.001" : fixed(p, p < 0.1 ? 3 : 2).replace(/^0/, ""));
  const [one, five, more, other] = given.verdicts;
  const cells = given.down.filter((y) => y <= m).flatMap((y) =>
    given.across.filter((x) => x <= n).map((x) => {
      const p = grid[x][y];
      return {
        first: x,
        second: y,
        label: short(p),
        verdict: p >= 0.05 ? more : x * m < y * n ? other : p < 0.01 ? one : five,
        tip: `${x} of ${n} against ${y} of ${m}: ${pSays(p)}`,
      };
    }));
  const found = turning(grid, [a, n, b, m], line);
  let sentence = `${a} of ${n} (${percent(a / n)}) against ${b} of ${m} (${percent(b / m)}): ` +
    `${said} gives ${pSays(grid[a][b])}, ${found.verdict ? "below" : "not below"} ` +
    `${percent(line)}. `;
  if (found.number) {
    const [x, y] = found.table;
    sentence += `It takes ${counted(found.number, "recoded outcome")} to turn that verdict; the ` +
      `nearest table is ${x} of ${n} against ${y} of ${m}, ${pSays(grid[x][y])}.`;
  } else {
    sentence += "No recoding of single outcomes turns that verdict.";
  }
  if (state.leave.length && state.coding === "paper") {
    sentence += " (The paper names nobody; a woman left out is taken to be one of its releases.)";
  }
  if (state.coding === "A" || state.coding === "B") {
    sentence += " The stricter coding is applied to the short list alone: nobody outside the " +
      "study has a record of the others.";
  }
  const [printedA, printedN, printedB, printedM] = given.printed;
  const star = n === printedN && m === printedM ? [{ first: printedA, second: printedB }] : [];
  return {
    rows: { cells, here: [{ first: a, second: b }], printed: star },
    sentence,
    table: {},
    greyed: {},
    notes: {},
  };
};

// Balance, as in helpers/stats/balance.py.
const valueAlong = (line, x) => line[0] + dot(line.slice(1), x);
const variance = (numbers) => {
  const mean = sum(numbers) / numbers.length;
  return sum(numbers.map((one) => (one - mean) ** 2)) / (numbers.length - 1);
};

// As `match_nearest`: the weights, and how many found no match.
function matchNearest(treated, score, replace, caliper, ratio) {
  const reach = caliper === "none" ? Infinity : Number(caliper) * Math.sqrt(variance(score));
  const places = treated.map((_, i) => i);
  const free = treated.map((one) => !one);
  const weights = treated.map(() => 0);
  let unmatched = 0;
  for (const i of places.filter((j) => treated[j]).sort((a, b) => score[b] - score[a])) {
    const distance = (j) => Math.abs(score[j] - score[i]);
    const chosen = places.filter((j) => free[j] && distance(j) <= reach)
      .sort((a, b) => distance(a) - distance(b)).slice(0, ratio);
    if (!chosen.length) unmatched += 1;
    else weights[i] = 1;
    for (const j of chosen) {
      weights[j] += 1 / chosen.length;
      free[j] = replace;
    }
  }
  if (!sum(weights)) {
    throw new Error("No treated row has a control within the caliper; widen it.");
  }
  return [weights, unmatched];
}

function balanceWeights({ method, replace, caliper, ratio }, rows, score, entropy) {
  const treated = rows.map((row) => row.treated);
  if (method === "nearest") return matchNearest(treated, score, replace, caliper, ratio);
  return [rows.map((row, i) => {
    if (method === "none") return 1;
    if (method === "ipw all") return 1 / (row.treated ? score[i] : 1 - score[i]);
    if (row.treated) return 1;
    return method === "ipw" ? score[i] / (1 - score[i]) : Math.exp(valueAlong(entropy, row.x));
  }), 0];
}

// As `weighted_difference`, in points: the HC1 error of a regression on the group alone.
function differenceInPoints(rows, weights) {
  const kept = weights.filter((w) => w > 0).length;
  if (kept < 3) {
    throw new Error("Fewer than three rows have weight; there is no spread to measure.");
  }
  const [means, spreads, within] = [[], [], []];
  for (const side of [true, false]) {
    const pairs = rows.map(({ treated, outcome }, i) => [treated === side, outcome, weights[i]])
      .filter(([mine, , w]) => mine && w > 0);
    const total = sum(pairs.map(([, , w]) => w));
    const mean = sum(pairs.map(([, y, w]) => y * w)) / total;
    means.push(mean);
    spreads.push(sum(pairs.map(([, y, w]) => (w * (y - mean)) ** 2)) / total ** 2);
    within.push(new Set(pairs.map(([, y]) => y)).size > 1);
  }
  const estimate = 100 * (means[0] - means[1]);
  const error = 100 * Math.sqrt(kept / (kept - 2) * (spreads[0] + spreads[1]));
  if (!within.includes(true)) return { estimate, low: estimate, high: estimate, known: false };
  return { estimate, low: estimate - REACH * error, high: estimate + REACH * error, known: true };
}

// As `balance_table`, on the scale of everybody.
function balanceTable(rows, weights, columns) {
  return columns.map(({ name, of }, k) => {
    const sides = [true, false].map((side) => rows
      .map((row, i) => [row.treated === side, row.x[k], weights[i]]).filter(([mine]) => mine));
    const means = sides.map((side) =>
      sum(side.map(([, x, w]) => x * w)) / sum(side.map(([, , w]) => w)));
    const spread = sum(sides.map((side) => variance(side.map(([, x]) => x)))) / 2;
    const gap = means[0] - means[1];
    const least = 1e-12 * Math.max(...rows.map((row) => Math.abs(row.x[k])));
    const smd = Math.abs(gap) <= least ? 0 : npRounded(gap / Math.sqrt(spread), 9);
    return { name, of, smd, means: means.map((mean) => npRounded(mean, 9)) };
  });
}

const minus = (text) => text.replaceAll("-", "−");
const inWhole = (number) => minus(zeroed(rounded(number, 9), 0));
const signedSmd = (smd) => signed(rounded(smd, 2) + 0, 2);
const saidOfPoints = ({ estimate, low, high, known }, unit = "") => `${inWhole(estimate)}${unit} (` +
  (known ? `${inWhole(low)} to ${inWhole(high)})` : "no interval)");

formulas.Balance = (state, given, kinds) => {
  const mask = kinds.covariates.options.reduce(
    (sum, [value], k) => sum | state.covariates.includes(value) << k, 0);
  const [line, entropy] = given.lines[state.sample][mask];
  const refusal = [line, state.method === "entropy" && entropy].find((x) => typeof x === "string");
  if (refusal) throw new Error(refusal);
  const rows = given.rows.filter(({ in2015 }) => state.sample === "all" || in2015);
  const score = rows.map(({ x }) => npRounded(1 / (1 + Math.exp(-valueAlong(line, x))), 10));
  const [weights, unmatched] = balanceWeights(state, rows, score, entropy);
  const alike = rows.map(() => 1);
  const effects = [alike, weights].map((w) => differenceInPoints(rows, w));
  const tables = [alike, weights].map((w) => balanceTable(rows, w, given.columns));
  const sides = [true, false].map((side) =>
    rows.flatMap((row, i) => (row.treated === side ? [[score[i], weights[i]]] : [])));

  const balance = given.stages.flatMap((stage, s) => tables[s].map(({ name, smd, means }) => ({
    covariate: name,
    smd: Math.min(Math.max(smd, -1.5), 1.5),
    stage,
    tip: `${name}, ${stage}: ${signedSmd(smd)} (means ${fixed(means[0], 2)} and ` +
      `${fixed(means[1], 2)})`,
  })));
  const bars = given.bins.slice(0, -1);
  const scores = given.groups.flatMap((group, g) => bars.map((low, k) => {
    const inside = sides[g].filter(([one]) =>
      low <= one && (one < given.bins[k + 1] || k === bars.length - 1));
    const total = sum(sides[g].map(([, w]) => w));
    const weighted = sum(inside.map(([, w]) => w)) / total;
    return { group, low, high: given.bins[k + 1], share: inside.length / sides[g].length, weighted };
  }));
  const drawn = effects.map((effect, i) => {
    const { estimate, low, high } = effect;
    return { row: ["as observed", "now"][i], low, high, estimate, label: saidOfPoints(effect) };
  });

  const [before, after] = effects.map((effect) => saidOfPoints(effect, " points"));
  let sentence = `Synthetic rows. As observed the difference is ${before}`;
  if (state.method === "none") sentence += ". Nothing is weighted.";
  else {
    const sizes = sides.map((side) =>
      sum(side.map(([, w]) => w)) ** 2 / sum(side.map(([, w]) => w ** 2)));
    sentence += `; now it is ${after}. ${inWhole(sizes[0])} campaign rows are compared with ` +
      `comparison rows that count as ${inWhole(sizes[1])}.`;
    if (!effects[1].known) {
      sentence += " All outcomes within a group are alike, so nothing measures an interval.";
    }
  }
  if (unmatched) {
    sentence += ` ${unmatched} campaign ${unmatched === 1 ? "row finds" : "rows find"} nobody near ` +
      `enough and ${unmatched === 1 ? "is" : "are"} left out.`;
  }
  for (const [name, within] of [["made alike", true], ["left alone", false]]) {
    const part = tables[1].filter(({ of }) => state.covariates.includes(of) === within);
    const far = Math.max(...part.map(({ smd }) => Math.abs(smd)));
    const worst = part.find(({ smd }) => Math.abs(smd) === far);
    if (worst) sentence += minus(` Worst of those ${name}: ${worst.name} (${signedSmd(worst.smd)}).`);
  }
  const [mine, others] = sides.map((side) => side.map(([one]) => one));
  const [least, most] = [Math.max(Math.min(...mine), Math.min(...others)),
    Math.min(Math.max(...mine), Math.max(...others))];
  const outside = others.filter((one) => least > most || one < least || one > most).length;
  sentence += ` ${outside} of ${others.length} comparison rows have a score outside the range ` +
    "both groups share.";

  const greyed = {};
  if (state.method !== "nearest") {
    for (const field of ["caliper", "ratio", "replace"]) {
      greyed[field] = "Only matching to nearest neighbors uses this.";
    }
  }
  if (state.sample === "all" && !state.covariates.includes("in_prison_2015")) {
    greyed.covariates = {
      in_prison_2015: "Every campaign row was in prison in 2015, so rows that were not have no " +
        "counterpart. Take the sample instead.",
    };
  }
  return { rows: { balance, scores, effects: drawn }, sentence, table: {}, greyed, notes: {} };
};
