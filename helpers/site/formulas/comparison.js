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
