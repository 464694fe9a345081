// The deadlock models, as helpers/theory/deadlock.py. A bureau is what `house` says of every one,
// with what the controls set.
const members = (bureau) => {
  const first = Math.floor(bureau.functionalists * bureau.officials + 0.5);
  return [first, bureau.officials - first];
};

const needed = (bureau) => [
  Math.ceil(bureau.quorum * bureau.officials - 1e-9),
  Math.ceil(bureau.veto * members(bureau)[1] - 1e-9),
];

const lift = (bureau) =>
  [0, 1].map((kind) => bureau.weight * sum(bureau.jobs.map((job) => bureau.shares[job][kind])));

function binomial(n, p) {
  const out = [];
  for (let k = 0, ways = 1; k <= n; ways = Math.round(ways * (n - k) / (k + 1)), k += 1) {
    out.push(ways * p ** k * (1 - p) ** (n - k));
  }
  return out;
}

// Returns the chance that private action is approved, one a value of publicity.
function approvalProbability(bureau, publicity) {
  if (!bureau.relations) return publicity.map(() => 0);
  const { value, stake, noise } = bureau.spreads;
  const spread = Math.sqrt(value ** 2 + (bureau.equities * stake) ** 2 + noise ** 2);
  const [functionalists, regionalists] = members(bureau);
  const [total, regional] = needed(bureau);
  const lifts = lift(bureau);
  return publicity.map((p) => {
    const [first, second] = bureau.kinds.map(([worth, loss], kind) =>
      normal((worth + lifts[kind] * p - bureau.equities * loss) / spread));
    const atLeast = binomial(functionalists, first);
    atLeast.push(0);
    for (let j = functionalists; j > 0; j -= 1) atLeast[j - 1] += atLeast[j];
    const theirs = binomial(regionalists, second);
    let chance = 0;
    for (let supporters = regional; supporters <= regionalists; supporters += 1) {
      const missing = Math.min(Math.max(total - supporters, 0), functionalists + 1);
      chance += theirs[supporters] * atLeast[missing];
    }
    return Math.min(Math.max(chance, 0), 1);
  });
}

formulas.BureauPanel = (state, given) => {
  const bureau = { ...given.house, ...state };
  const { kinds, spreads } = bureau;
  const [first, second] = members(bureau);
  const lifts = lift(bureau);
  const standard = standardNormals(generator(...given.generators[state.number]), 2 * bureau.officials);
  const mood = Math.hypot(spreads.value, spreads.noise);
  const officials = Array.from({ length: bureau.officials }, (_, i) => {
    const kind = Number(i >= first);
    const value = kinds[kind][0] + mood * standard[i];
    const stake = kinds[kind][1] + spreads.stake * standard[bureau.officials + i];
    const yes = value + lifts[kind] * state.publicity - bureau.equities * stake > 0;
    return { kind, value, stake, yes };
  });
  const got = [0, 1].map((kind) => officials.filter((one) => one.yes && one.kind === kind).length);
  const [total, regional] = needed(bureau);
  const [reached, blocked] = [got[0] + got[1] >= total, got[1] < regional];
  const why = [
    ...(reached ? [] : ["the quorum is missed"]),
    ...(blocked ? ["the regional bureau blocks"] : []),
    ...(bureau.relations ? [] : ["there are no relations to act through"]),
  ];
  const end = why.length
    ? `No private action: ${why.join(" and ")}.` : "Private action is approved.";
  const [chance] = approvalProbability(bureau, [state.publicity]);
  const here = { publicity: state.publicity, chance,
    text: `${percent(chance)} at ${fixed(state.publicity, 2)}` };
  const steps = state.curve ? approvalProbability(bureau, given.grid) : [];
  return {
    rows: {
      dots: officials.map(({ kind, value, stake, yes }) => ({
        kind: given.names[kind],
        stake: rounded(stake, 3),
        value: rounded(value, 3),
        state: yes ? "supports" : "does not support",
        tip: `${given.names[kind]}: value ${fixed(value, 2)}, stake ${fixed(stake, 2)}`,
      })),
      lines: given.names.flatMap((kind, i) => [0, 1.2].map((stake) => (
        { kind, stake, value: bureau.equities * stake - lifts[i] * state.publicity }))),
      steps: steps.map((value, i) => ({ publicity: given.grid[i], chance: value })),
      here: [here],
    },
    sentence: `Illustration: at publicity ${fixed(state.publicity, 2)}, in bureau ` +
      `${state.number}, ${got[0]} of ${first} functionalists and ${got[1]} of ${second} ` +
      `regionalists support private action; ${got[0] + got[1]} in all, ${total} needed, and ` +
      `${regional} regionalists so that theirs does not block. ${end} Of all such bureaus ` +
      `${percent(chance)} approve.`,
    table: given.table,
    greyed: {},
    notes: {},
  };
};

const logistic = (x) => 1 / (1 + Math.exp(-x));

// Returns survival in months 0 to `horizon`, and the chance of action in each month from 1 on.
function course(bureau, target, publicity, signal, horizon) {
  const months = Array.from({ length: horizon }, (_, i) => i);
  const path = months.map((month) =>
    signal.half_life === null ? publicity : publicity * 0.5 ** (month / signal.half_life));
  const lasting = signal.stays || signal.half_life === null;
  const approved = approvalProbability(bureau, lasting ? path.slice(0, 1) : path);
  const acting = lasting ? path.map(() => approved[0]) : approved;
  const held = (action) => {
    const out = [0];
    for (const p of path) {
      const released = logistic(target.base + (target.shaming - target.backlash) * p +
        target.bite * target.leverage * action);
      const hazard = 1 - (1 - released) ** (1 / horizon);
      out.push(out.at(-1) + Math.log1p(-hazard));
    }
    return out;
  };
  const [off, on] = [held(0), held(1)];
  const ends = [1, ...acting, 0];
  const survival = off.map((_, month) => sum(off.map((_, lasts) => {
    const last = Math.min(lasts, month);
    return (ends[lasts] - ends[lasts + 1]) * Math.exp(on[last] + off[month] - off[last]);
  })));
  const below = survival.findIndex((s) => s <= 0.5);
  return { survival, acting, released: 1 - survival[horizon], median: below < 0 ? null : below };
}

formulas.OutcomePanel = (state, given) => {
  const bureau = { ...given.house, ...state };
  const target = { ...given.target, ...state };
  const changes = [{}, { leverage: 0 }, { shaming: 0 }, {}];
  const courses = given.courses.map((name, i) => ({ name, ...course(bureau,
    { ...target, ...changes[i] }, i === 3 ? 0 : state.publicity, given.fades[state.fade],
    given.horizon) }));
  const [main, ...others] = courses;
  const { survival, acting, median } = main;
  const faded = Math.abs(acting[0] - acting[11]) < 0.005
    ? "" : ` (${percent(acting[11])} in month 12)`;
  const half = median === null
    ? "fewer than half are released" : `half are released by month ${median}`;
  const others_ = others.map(({ name, released }) => `${name} ${percent(released)}`).join(", ");
  return {
    rows: {
      curves: courses.flatMap((one) => one.survival.map((s, time) => (
        { course: one.name, time, survival: rounded(s, 5) }))),
      median: median === null ? [] : [{ time: median, survival: survival[median],
        text: `half by month ${median}` }],
      parts: courses.map(({ name, released }) => (
        { course: name, released, text: percent(released) })),
    },
    sentence: `Illustration: private action is approved with a chance of ` +
      `${fixed(100 * acting[0], 1)} %${faded}. Within 36 months ${fixed(100 * main.released, 1)} % ` +
      `are released, ${percent(survival[2] - survival[9])} of all in months 3 to 9; ${half}. ` +
      `Released ${others_}.`,
    table: given.table,
    greyed: {},
    notes: {},
  };
};

const approvalCurve = cached((given, weight) => {
  const grid = Array.from({ length: 401 }, (_, i) => i * (1 / 400));
  return [grid, approvalProbability({ ...given.house, weight }, grid)];
});

const drawnCases = cached((given, seed, number) => {
  const next = generator(...given.generators[seed]);
  const normals = standardNormals(next, 2 * number);
  const uniforms = Array.from({ length: 2 * number }, () => uniform(next));
  return [normals.slice(0, number), normals.slice(number), uniforms.slice(0, number),
    uniforms.slice(number)];
});

const released = (given, target, publicity, action, prospects) =>
  logistic(target.base + (target.shaming - target.backlash) * publicity +
    target.bite * target.leverage * action + given.winnable * prospects);

// Least squares with a constant: coefficients, and their robust errors (HC1) where all weigh 1.
function leastSquares(columns, y, weights) {
  const design = [y.map(() => 1), ...columns];
  const products = (factor, others) => design.map((a) => others.map((b) => {
    let total = 0;
    for (let i = 0; i < y.length; i += 1) total += (factor ? factor[i] : 1) * a[i] * b[i];
    return total;
  }));
  const bread = inverse(products(weights, design));
  const moments = products(weights, [y]).map(([moment]) => moment);
  const estimate = bread.map((row) => dot(row, moments));
  if (weights) return { estimate };
  const rest = y.map((one, i) => (one - sum(design.map((column, k) => column[i] * estimate[k]))) ** 2);
  const meat = products(rest, design);
  const scale = y.length / (y.length - design.length);
  const error = bread.map((row) => Math.sqrt(scale * dot(row, meat.map((line) => dot(line, row)))));
  return { estimate, error };
}

// Returns the slopes in endlessly many cases and the true effects, by integration.
const creditOf = cached((given, weight, leverage, shaming, backlash, selection) => {
  const target = { ...given.target, leverage, shaming, backlash };
  const [grid, curve] = approvalCurve(given, weight);
  const slices = given.normal.length;
  const x = given.normal.map((_, i) => (i + 0.5) / slices);
  const approve = x.map((u) => interpolated(u, grid, curve));
  const means = (publicity, action) => given.normal.map((z, i) => sum(given.nodes.map((node, k) =>
    given.weights[k] * released(given, target, publicity ?? x[i], action,
      selection * z + Math.sqrt(1 - selection ** 2) * node))));
  const [idle, active] = [means(null, 0), means(null, 1)];
  const [none, full] = [0, 1].map((publicity) => [means(publicity, 0), means(publicity, 1)]);
  const average = (each) => sum(x.map((_, i) => each(i))) / slices;
  const ends = [curve[0], curve.at(-1)];
  const y = [...idle, ...active];
  const weights = [...approve.map((a) => 1 - a), ...approve];
  const twice = [...x, ...x];
  const action = [...x.map(() => 0), ...x.map(() => 1)];
  const both = leastSquares([twice, action], y, weights).estimate;
  return {
    naive: leastSquares([twice], y, weights).estimate[1],
    controlled: both[1],
    action: both[2],
    direct: average((i) => (1 - approve[i]) * (full[0][i] - none[0][i]) +
      approve[i] * (full[1][i] - none[1][i])),
    through: average((i) => ends[1] * full[1][i] + (1 - ends[1]) * full[0][i] -
      (ends[0] * none[1][i] + (1 - ends[0]) * none[0][i])),
  };
});

formulas.CreditPanel = (state, given) => {
  const { number, selection, draw, weight, leverage, shaming, backlash } = state;
  const target = { ...given.target, leverage, shaming, backlash };
  const [prospects, rest, forAction, forRelease] = drawnCases(given, draw, number);
  const [grid, curve] = approvalCurve(given, weight);
  const publicity = prospects.map((z, i) =>
    normal(selection * z + Math.sqrt(1 - selection ** 2) * rest[i]));
  const action = publicity.map((p, i) => Number(forAction[i] < interpolated(p, grid, curve)));
  const y = publicity.map((p, i) =>
    Number(forRelease[i] < released(given, target, p, action[i], prospects[i])));
  if (new Set(action).size < 2) {
    throw new Error("In these cases private action is always the same, so it cannot be held " +
      "fixed; raise the weight of publicity or the number of cases.");
  }
  if (new Set(y).size < 2) throw new Error("The outcome never varies; nothing can be compared.");
  const [alone, both] = [leastSquares([publicity], y), leastSquares([publicity, action], y)];
  const [few, more] = given.critical[number];
  const fits = [[alone, 1, few], [both, 1, more], [both, 2, more]].map(([fit, k, critical]) => {
    const [estimate, reach] = [fit.estimate[k], critical * fit.error[k]];
    return { estimate, low: estimate - reach, high: estimate + reach };
  });
  const truth = creditOf(given, weight, leverage, shaming, backlash, selection);
  const limits = [truth.naive, truth.controlled, truth.action];
  const chosen = selection === 0 ? "cases are publicized at random"
    : `publicity follows a case's prospects (correlation ${fixed(selection, 1)})`;
  return {
    rows: {
      estimates: fits.map(({ estimate, low, high }, i) => ({ row: given.rows[i], estimate, low, high,
        text: `${zeroed(estimate, 2)} (${zeroed(low, 2)} to ${zeroed(high, 2)})` })),
      limits: limits.map((value, i) => ({ row: given.rows[i], value })),
      truth: [{ value: truth.direct }],
    },
    sentence: `Illustration: in ${number} invented cases, where ${chosen}, a regression of ` +
      `release on publicity gives ${zeroed(fits[0].estimate, 2)}; with private action held fixed it ` +
      `gives ${zeroed(fits[1].estimate, 2)}; endlessly many cases would give ` +
      `${zeroed(truth.naive, 2)} and ${zeroed(truth.controlled, 2)}. In truth publicity changes the ` +
      `chance of release, from none to full, by ${zeroed(truth.direct, 2)} directly and by ` +
      `${zeroed(truth.through, 2)} with private action counted in.`,
    table: given.table,
    greyed: {},
    notes: {},
  };
};
