// The spiral model, the scorecard and the benchmark.
const spiralNeeds = { one: () => 1, half: (total) => Math.floor((total + 1) / 2), all: (total) => total };

// As `place` in helpers/theory/spiral.py.
function onSpiral(indicators, seen, rule, before = 0) {
  const phases = [1, 2, 3, 4, 5].map((phase) => indicators.filter((one) => one.phase === phase));
  const wanted = (names) => spiralNeeds[rule](names.length);
  const of = (names) => names.filter(({ id }) => seen.includes(id)).length;
  const supported = [1, 2, 3, 4, 5].filter((phase) => {
    const names = phases[phase - 1];
    return names.length && of(names) >= wanted(names);
  });
  const furthest = supported.at(-1) ?? 0;
  const names = phases[furthest] ?? [];
  return {
    supported,
    furthest,
    gaps: [2, 3, 4].filter((phase) => phase < furthest && !supported.includes(phase)),
    next: furthest < 5 ? furthest + 1 : 0,
    lacking: names.filter(({ id }) => !seen.includes(id)),
    short: Math.max(0, wanted(names) - of(names)),
    regress: furthest ? Math.max(0, before - furthest) : 0,
  };
}

formulas.SpiralPath = (state, given) => {
  const country = given.countries[state.country];
  const { indicators } = country;
  const seen = given.fields.flatMap((field) => state[field]);
  const before = Number(state.before);
  const found = onSpiral(indicators, seen, state.need, before);
  const said = (phase) => `phase ${phase} (${given.phases[phase - 1].label})`;
  const phases = given.phases.map(({ place, text, tip }) => {
    const names = indicators.filter(({ phase }) => phase === place);
    const number = names.filter(({ id }) => seen.includes(id)).length;
    const kind = found.gaps.includes(place) ? "gap"
      : found.supported.includes(place) ? "supported" : "not supported";
    const count = `${number} of ${names.length} seen${given.signs[kind]}`;
    return { place, text, state: kind, count, tip };
  });
  const marks = [
    { place: found.furthest, who: "you", shift: 0, tip: "your ticks" },
    { place: before, who: "earlier", shift: -0.2, tip: "furthest phase in an earlier period" },
    { place: state.ours ? country.phase : 0, who: "our judgement", shift: 0.2,
      tip: "our judgement, not a measurement" },
  ].filter(({ place }) => place);

  const terms = given.terms[state.need];
  let sentence = `${state.country}: `;
  if (!seen.length) {
    sentence += "nothing is ticked yet. Read the table below, tick what you hold to be seen, and " +
      `the path says how far that carries (${terms}).`;
  } else if (!found.furthest) {
    sentence += `your ticks carry to no phase, ${terms}; tick more, or ask for less.`;
  } else {
    const missing = found.lacking.map(({ text }) => text[0].toLowerCase() + text.slice(1));
    const tensions = given.tensions.filter(({ pair }) => pair.every((id) => seen.includes(id)));
    sentence += `your ticks carry to ${said(found.furthest)}, ${terms}.`;
    sentence += found.next
      ? ` It is stuck before ${said(found.next)}: ${counted(found.short, "more is", "more are")} ` +
        `needed of those not seen: ${missing.join("; ")}.`
      : " That is the end of the path; the model allows for falling back.";
    if (found.gaps.length) {
      sentence += ` Out of order: ${found.gaps.map(said).join(" and ")} ` +
        `${found.gaps.length === 1 ? "has" : "have"} too few indicators. Either the step was ` +
        "taken where our pages do not reach, or an indicator further on, such as a treaty, does " +
        "not mean what the model takes it to mean.";
    }
    if (found.regress) {
      sentence += ` Regress: ${counted(found.regress, "phase")} lost since ${said(before)}.`;
    }
    if (tensions.length) {
      sentence += ` Pulling against each other: ${tensions.map(({ text }) => text).join("; ")}. ` +
        "Are these two periods?";
    }
  }
  if (state.ours) {
    const ours = onSpiral(indicators, country.coded, state.need).furthest;
    const compared = found.furthest === country.phase ? "the same as" : "not the same as";
    sentence += ` By this rule our coding carries to ${ours ? said(ours) : "no phase"}. Our ` +
      `judgement for ${country.period} is ${said(country.phase)}` +
      `${found.furthest ? `, ${compared} your ticks` : ""} ${country.why}`;
  }
  const shown = (line) => (state.ours ? line : line.filter((cell, i) => i !== 3));
  return {
    rows: { phases, steps: given.steps, marks },
    sentence,
    table: {
      columns: shown(given.columns),
      right: given.right,
      rows: indicators.map(({ id, cells }) =>
        shown(cells.with(2, seen.includes(id) ? "seen" : ""))),
    },
    greyed: {},
    notes: {},
  };
};

// As `total_chances`, `central_interval` and `rank_chances` in helpers/stats/scorecard.py.
function totalChances(weights, parts) {
  let chances = [1];
  for (const [k, weight] of weights.entries()) {
    if (!weight) continue;
    const grown = new Array(chances.length + 2 * weight).fill(0);
    chances.forEach((chance, i) =>
      parts[k].forEach((part, score) => { grown[i + score * weight] += chance * part; }));
    chances = grown;
  }
  return chances;
}

function centralInterval(chances) {
  const first = (from) => cumulated(from).findIndex((sum) => sum > (1 - 0.9) / 2 + 1e-12);
  return [first(chances), chances.length - 1 - first(chances.toReversed())];
}

function rankChances(totals) {
  const below = totals.map((mass) => cumulated(mass).map((sum, x) => sum - mass[x]));
  const above = totals.map((mass, j) => mass.map((chance, x) => 1 - below[j][x] - chance));
  return totals.map((mass, i) => {
    const ranks = totals.map(() => 0);
    mass.forEach((chance, x) => {
      // ways[a][e]: chance that a others lie above and e are equal
      let ways = [[1]];
      totals.forEach((other, j) => {
        if (j === i) return;
        const grown = totals.map(() => totals.map(() => 0));
        ways.forEach((row, a) => row.forEach((way, e) => {
          if (!way) return;
          grown[a + 1][e] += way * above[j][x];
          grown[a][e + 1] += way * other[x];
          grown[a][e] += way * below[j][x];
        }));
        ways = grown;
      });
      ways.forEach((row, a) => row.forEach((way, e) => {
        for (let rank = a; way && rank <= a + e; rank += 1) ranks[rank] += chance * way / (e + 1);
      }));
    });
    return ranks.map((share) => npRounded(share, 12));
  });
}

formulas.Scorecard = (state, given) => {
  const weights = given.criteria.map((criterion) => state[criterion]);
  const sum = weights.reduce((a, b) => a + b);
  if (!sum) {
    throw new Error("All nine weights are zero, so nothing is scored. Give at least one " +
      "criterion a weight above zero.");
  }
  const all = given.programmes.map(({ chances }) => totalChances(weights, chances[state.doubt]));
  const ranks = rankChances(all);
  const totals = given.programmes.map(({ name, scores }, i) => {
    const score = scores.reduce((total, one, k) => total + one * weights[k], 0) / sum;
    const [low, high] = centralInterval(all[i]).map((end) => end * (1 / sum));
    const [first, last] = [fixed(100 * ranks[i][0], 0), fixed(100 * ranks[i].at(-1), 0)];
    return {
      programme: name, score, low, high,
      label: `${fixed(score, 2)} · first: ${first} in 100`,
      tip: `${name}: ${fixed(score, 2)}, 90 % interval ${fixed(low, 2)} to ${fixed(high, 2)}; ` +
        `chance to be first ${first} %, last ${last} %`,
    };
  });
  const cells = given.cells.map(({ criterion, row }) => (
    { ...row, counted: state[criterion] ? "counted" : "weight 0" }));
  const lead = ranks.map(([first]) => first);
  const best = lead.indexOf(Math.max(...lead));
  const scores = totals.toSorted((a, b) => b.score - a.score)
    .map((one) => `${one.programme} ${fixed(one.score, 2)} (${fixed(one.low, 2)} to ` +
      `${fixed(one.high, 2)})`);
  const zero = weights.filter((weight) => !weight).length;
  const sentence = `Scores of 2 with 90 % intervals: ${scores.join(", ")}. ` +
    `${totals[best].programme} has the best chance to be first, ${fixed(100 * lead[best], 0)} ` +
    "in 100" +
    (state.doubt === "0"
      ? ", ties shared; without doubt the order is as certain as the scores are, which is not " +
        "how they were made"
      : "") +
    (zero ? `; ${counted(zero, "criterion counts", "criteria count")} nothing. ` : ". ") +
    "The scores are our judgement, not Stokke's and not NORAD's.";
  const rows = given.lines[state.evidence].map((line, k) => line.with(2, String(weights[k])));
  return {
    rows: { totals, cells },
    sentence,
    table: { columns: given.columns, right: given.right, rows },
    greyed: {},
    notes: {},
  };
};

formulas.BenchmarkYears = (state, given) => {
  const { years } = given;
  const { unit, here, there } = given.series[state.series];
  const { level, one, two, often } = given.levels[state.level];
  const of = (figures, year) => figures[years.indexOf(year)];
  const [baseline, target, dated] =
    ["baseline", "target", "year"].map((part) => state.agreed.includes(part));
  const base = of(here, state.baseline);
  const goal = base * (1 - state.cut / 100);
  const error = base * state.error / 100;
  if (state.year <= state.baseline) {
    throw new Error(`The target year ${state.year} must come after the baseline year ` +
      `${state.baseline}; move one of them.`);
  }
  const path = years.map((year) => (year < state.baseline ? NaN
    : interpolated(year, [state.baseline, state.year], [base, goal])));
  const reach = one * error;
  const judge = (figure, mark) => (Number.isNaN(mark) ? "undecidable"
    : figure + reach <= mark ? "met" : figure - reach > mark ? "not met" : "undecidable");
  const verdicts = years.map((year, i) => {
    if (!baseline || !target) return "undecidable";
    if (dated) return year <= state.baseline ? "undecidable" : judge(here[i], path[i]);
    // Without a year the target can be reached but never missed.
    return judge(here[i], goal) === "met" ? "met" : "undecidable";
  });
  const figures = years.map((year, i) => {
    const [value, low, high] = [here[i], here[i] - reach, here[i] + reach];
    const tip = `${year}: ${general(value)} ${unit}, between ${fixed(low, 1)} and ` +
      `${fixed(high, 1)}; ${verdicts[i]}`;
    return { year, value, low, high, verdict: verdicts[i], tip };
  });
  const milestones = !baseline || !target ? []
    : years.map((year, i) => ({ year, value: dated ? path[i] : goal }))
      .filter(({ value }) => !Number.isNaN(value));
  const comparison = !state.comparison ? [] : years.map((year, i) => ({
    year, value: there[i], name: "country without a dialogue",
    tip: `${year}: ${general(there[i])} ${unit}, without a dialogue`,
  }));
  const flag = baseline && target && dated
    ? [{ year: state.year, value: goal, text: "▲ target" }] : [];

  const tally = ["met", "not met", "undecidable"]
    .map((v) => `${v} in ${verdicts.filter((verdict) => verdict === v).length}`).join(", ");
  function beside() {
    const change = of(here, state.year) - base;
    const excess = change - (of(there, state.year) - of(there, state.baseline));
    const [low, high] = [excess - two * 2 * error, excess + two * 2 * error];
    return ` Here the change is ${change < 0 ? "" : "+"}${general(change)}; beyond the change ` +
      `without a dialogue it is ${signed(excess, 1)} (${percent(level)} interval ` +
      `${fixed(low, 1)} to ${fixed(high, 1)})` +
      (low <= 0 && 0 <= high
        ? ": met or not, nothing shows that the dialogue did it."
        : ": something happened here that did not happen there; what, is another question.");
  }
  function said() {
    if (!baseline) {
      return `No baseline was agreed: ${state.cut} per cent below what? Every year is ` +
        "undecidable, and each side may choose the year that suits it afterwards.";
    }
    if (!target) {
      return `No level was agreed: the figure fell from ${general(base)} to ` +
        `${general(here.at(-1))}, and nobody can say whether that is enough. Every year is ` +
        "undecidable.";
    }
    if (!dated) {
      return `Target ${fixed(goal, 1)}, but no year was agreed: it can be reached, never missed. ` +
        `Of ${years.length} years it is ${tally}.`;
    }
    return `From ${general(base)} in ${state.baseline} to ${fixed(goal, 1)} in ${state.year}: ` +
      `the figure of ${state.year} is ${general(of(here, state.year))}, ` +
      `${of(verdicts, state.year)}. Over ${years.length} years the milestone is ${tally}.` +
      (error
        ? " With this error a country that lands exactly on the target is called 'met' " +
          `${fixed(100 * normal(-one), 0)} times in 100; to be called so 80 times in 100 it must ` +
          `do better by ${fixed(Math.max(0, (one + often) * error), 1)}.`
        : " Without error every year from the first milestone on is decided.") +
      (state.comparison ? beside() : "") + " The series are invented.";
  }
  return {
    rows: { figures, milestones, comparison, goal: flag },
    sentence: said(),
    table: {},
    greyed: {},
    notes: {},
  };
};
