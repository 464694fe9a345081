// The rivals of deadlock, bought visits, and the claim about cause and price.

// As `held`: the chance of being still held in months 0 to n, from n monthly rates.
function held(rates) {
  let sum = 0;
  return [1, ...rates.map((rate) => Math.exp(-(sum += rate)))];
}

formulas.RivalsPanel = (state, { aim, base, critical, mechanisms, table }) => {
  const { strength, wait, half_life, crowd, peak, crowd_half_life, approved, offer, acceptance } =
    state;
  const path = (share) => aim.slice(1).map((_, i) => share(i + 1));
  const none = path(() => 0);
  const burst = path((month) => (month === 1 ? 1 : 0));
  const pressure = path((month) => (wait < month ? 0.5 ** ((month - 1 - wait) / half_life) : 0));
  const crowds = path((month) =>
    (peak >= month ? month / peak : 0.5 ** ((month - peak) / crowd_half_life)));
  const alone = held(path(() => base));
  const moved = held(path((month) => base + (offer < month ? acceptance : 0)));
  const curves = {
    shaming: held(pressure.map((share) => base + strength * share)),
    mobilization: held(crowds.map((share) => base + crowd * share)),
    inducement: moved.map((share, time) => approved * share + (1 - approved) * alone[time]),
  };
  const observables = {
    press: {
      shaming: path((month) => 0.5 ** ((month - 1) / half_life)),
      mobilization: burst,
      inducement: burst,
    },
    streets: { shaming: none, mobilization: crowds, inducement: none },
    offers: {
      shaming: none,
      mobilization: none,
      inducement: path((month) => (offer < month ? approved : 0)),
    },
    apart: {
      shaming: curves.shaming.slice(1),
      mobilization: curves.mobilization.slice(1),
      inducement: alone.slice(1),
    },
  };
  const rowsOf = (paths, row) => Object.entries(paths).flatMap(([key, path]) =>
    path.map((value, i) => ({ mechanism: mechanisms[key], ...row(value, i) })));
  const rows = {
    target: aim.map((survival, time) => ({ time, survival })),
    curves: rowsOf(curves, (value, time) => ({ time, survival: rounded(value, 5) })),
  };
  for (const [name, paths] of Object.entries(observables)) {
    rows[name] = rowsOf(paths, (value, i) => ({ month: i + 1, share: rounded(value, 4) }));
  }
  const gaps = Object.entries(curves).map(([key, curve]) => {
    const apart = curve.map((share, time) => Math.abs(share - aim[time]));
    const distance = Math.max(...apart);
    return { name: mechanisms[key], distance, month: apart.indexOf(distance) };
  });
  const said = gaps.map((gap) => `${fixed(gap.distance, 3)} for ${gap.name} (month ${gap.month})`);
  const largest = Math.max(...gaps.map((gap) => gap.distance));
  const sentence = `Illustration: the largest distance from the given curve is ${said.join(", ")}. ` +
    `With about ${Math.ceil((critical / largest) ** 2)} fully observed cases the critical ` +
    "distance of a test at 5 per cent equals the largest of these; the chance of seeing it " +
    "(power) is then only a half to nine tenths, by the shape of the curves.";
  const cells = structuredClone(table.rows);
  cells[0][1] = `has to last: half the launch is left after ${half_life} months`;
  cells[1][2] = `has to grow, to a peak in month ${peak}`;
  cells[2][3] = `in ${percent(approved)} of cases, after the launch`;
  cells[3][3] = `from month ${offer + 1}, each before its release`;
  cells[4][1] = percent(1 - curves.shaming.at(-1));
  cells[4][2] = percent(1 - curves.mobilization.at(-1));
  return { rows, sentence, table: { ...table, rows: cells }, greyed: {}, notes: {} };
};

// What a visit at a price does in one world, as helpers/theory/visits.py has it.
function bargain(world, prices) {
  const { leak, guess, possible, secure, accuracy, worth, cost, care, ordinary } = world;
  const prior = Math.log(secure / (1 - secure));
  const threshold = (price) => {
    if (price >= cost - 1e-12) return -Infinity;
    if (price <= cost - care + 1e-12) return Infinity;
    const needed = (cost - price) / care;
    return (Math.log(needed / (1 - needed)) - prior) / accuracy;
  };
  const beliefs = (price) => {
    const a = threshold(price);
    const strong = normal(accuracy / 2 - a);
    const weak = normal(-accuracy / 2 - a);
    const visit = secure * strong + (1 - secure) * weak;
    const quiet = 1 - possible * visit;
    return {
      strong,
      visit,
      after: visit > 1e-12 ? secure * strong / visit : secure,
      silence: quiet > 1e-12 ? secure * (1 - possible * strong) / quiet : secure,
    };
  };
  const usual = beliefs(ordinary);
  const at = (price) => {
    const seen = beliefs(price);
    const { after, silence } = guess === "right" ? seen : usual;
    const value = (known) => (seen.visit > 1e-12
      ? worth * (known * (seen.after - (leak === "bargain" ? secure : silence)) +
        (1 - known) * (after - silence))
      : 0);
    const reservation = (known) => {
      if (seen.visit <= 1e-12) return 0;
      const secret = worth * (1 - known) * (after - silence);
      return leak === "price" ? secret + worth * known * (seen.after - silence) : secret;
    };
    const gain = (known) => seen.visit * (reservation(known) - price);
    const power = Math.max(seen.visit * (price - cost) + care * secure * seen.strong, 0);
    return { price, visit: seen.visit, seen: seen.after, after, silence, value, reservation, gain,
      power };
  };
  return { at, all: prices.map(at) };
}

// The place of the greatest, the first of several.
const greatest = (values) => values.indexOf(Math.max(...values));

// As `agreed_price`: the deal made, when there is one.
function agreed(all, known, proposer) {
  const good = all.filter((one) => one.visit > 1e-9 && one.gain(known) >= 0);
  return proposer === "F demands" ? good.at(-1) : good[greatest(good.map((one) => one.gain(known)))];
}

// As `deal_range`: the least and the greatest q at which a deal exists.
function dealRange({ price, visit, reservation }) {
  const start = reservation(0) - price;
  const slope = reservation(1) - price - start;
  if (visit <= 1e-9 || (start < 0 && start + slope < 0)) return { low: 0, high: 0 };
  const cross = Math.abs(slope) < 1e-12 ? 1 : Math.min(Math.max(-start / slope, 0), 1);
  return { low: start < 0 ? cross : 0, high: start >= 0 && start + slope < 0 ? cross : 1 };
}

formulas.VisitPanel = (state, given) => {
  const { price, known } = state;
  const world = { ...given.world, ...state };
  const { at, all } = bargain(world, given.prices);
  const drawn = all.filter((_, i) => i % 4 === 0);
  const here = at(price);
  const most = here.reservation(known);
  const line = (what, values) =>
    drawn.map((one) => ({ what, price: one.price, worth: rounded(values(one), 5) }));
  const start = `Illustration, our simplification: at a price of ${fixed(price, 2)}`;
  const asked = agreed(all, known, "F demands");
  const offered = agreed(all, known, "L offers");
  const cost = asked && world.guess === "right"
    ? "; that such deals are possible costs a leader " +
      `${fixed(world.possible * asked.visit * asked.price, 2)} on average`
    : "";
  const suits = asked
    ? `If the power names the price it is ${fixed(asked.price, 2)}, if the leader does ` +
      `${fixed(offered.price, 2)}${cost}.`
    : "No price at all suits both.";
  const sentence = here.visit <= 1e-9
    ? `${start}, at or below ${fixed(world.cost - world.care, 2)}, the power never visits, so ` +
      `there is nothing to buy. ${suits}`
    : `${start} the power visits in ${fixed(100 * here.visit, 0)} % of cases. The challenger ` +
      `believes ${fixed(here.silence, 2)} after silence, ${fixed(here.after, 2)} after a visit ` +
      `whose price is hidden, ${fixed(here.seen, 2)} when it is known. With q = ` +
      `${fixed(known, 2)} a visit that happens is worth ${zeroed(here.value(known), 2)}, the chance of ` +
      `one ${zeroed(most, 2)} a visit; ` +
      (here.gain(known) >= 0 ? "both gain" : "the leader would not pay it") +
      ` (joint surplus ${zeroed(here.gain(known) + here.power, 2)}). ${suits}`;
  return {
    rows: {
      ...given.fixed,
      lines: [
        ...line("a visit that happens", (one) => one.value(known)),
        ...line("the chance of one", (one) => one.reservation(known)),
      ],
      here: [{ price, worth: most, known,
        text: `price ${fixed(price, 2)}, q ${fixed(known, 2)}` }],
      deals: drawn.map((one) => ({ price: one.price, ...dealRange(one) })),
    },
    sentence,
    table: given.table,
    greyed: {},
    notes: {},
  };
};

// As `deal_chances`: the chance of a visit at the price agreed on, by q.
function dealChances(all, proposer, grid) {
  const some = all.filter((one) => one.visit > 1e-9).map((one) => {
    const start = one.reservation(0);
    return { price: one.price, visit: one.visit, start, rise: one.reservation(1) - start };
  });
  return grid.map((known) => {
    let [best, chosen] = [-Infinity, 0];
    for (const { price, visit, start, rise } of some) {
      const gain = visit * (start + known * rise - price);
      const score = proposer === "F demands" ? price : gain;
      if (gain >= 0 && score > best) [best, chosen] = [score, visit];
    }
    return chosen;
  });
}

formulas.ClaimPanel = (state, given) => {
  const { cause, known, tie } = state;
  const steps = (count) => Array.from({ length: count + 1 }, (_, i) => i / count);
  const grid = steps(200);
  const { all } = bargain({ ...given.world, leak: state.leak, guess: state.guess }, given.prices);
  const chances = dealChances(all, state.proposer, grid);
  const approved = (publicity) => given.approved[Math.round(100 * publicity)];
  const out = (price, publicity) => price + (1 - price) * tie * publicity;
  const struck = (price, publicity) => interpolated(out(price, publicity), grid, chances);
  const deal = (price, publicity) => approved(publicity) * struck(price, publicity);
  const map = steps(20).flatMap((publicity) => steps(20).map((price) =>
    ({ cause: publicity, known: price, chance: deal(price, publicity) })));
  const top = Math.max(...map.map((cell) => cell.chance));
  const equal = map.filter((cell) => cell.chance > top - 1e-9);
  const best = equal.find((cell) => cell.cause === equal.at(-1).cause);
  const chance = deal(known, cause);
  const sentence = `Illustration: with publicity ${fixed(cause, 2)} of the cause and ` +
    `${fixed(known, 2)} of the price, the sender's bureau approves with a chance of ` +
    `${percent(approved(cause))}; the bargain then comes out with a chance of ` +
    `${percent(out(known, cause))} and ends in a visit with a chance of ` +
    `${percent(struck(known, cause))}: a deal in ${percent(chance)} of cases. On this map the ` +
    `best is ${percent(top)}, at ${fixed(best.cause, 2)} for the cause and ` +
    `${fixed(best.known, 2)} for the price.`;
  const { about } = state;
  const rows = given.table.rows.filter((_, i) => about === "all" || given.about[i] === about);
  return {
    rows: {
      cells: map.map((cell) => ({ ...cell, chance: rounded(cell.chance, 4) })),
      lines: steps(100).map((price) => ({ known: price, chance: deal(price, cause) })),
      here: [{ cause, known, chance, text: percent(chance) }],
    },
    sentence,
    table: { ...given.table, rows },
    greyed: {},
    notes: {},
  };
};
