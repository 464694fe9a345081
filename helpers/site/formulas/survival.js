// Survival curves of the cohort.

// As `kaplan_meier`: nobody enters late.
function kaplanMeier(spells, scale) {
  const times = [...new Set(spells.map(({ time }) => time))].sort((a, b) => a - b);
  let [survival, greenwood] = [1, 0];
  return times.map((time) => {
    const atRisk = spells.filter((one) => one.time >= time).length;
    const events = spells.filter((one) => one.time === time && one.event).length;
    survival *= 1 - events / atRisk;
    greenwood += events / atRisk / (atRisk - events); // infinite when the curve reaches 0
    const relative = survival ? Math.sqrt(greenwood) : NaN;
    return { time, survival, atRisk, events, bounds: bounds(survival, REACH * relative, scale) };
  });
}

// As `_bounds`; `reach` is that of the interval over the estimate.
function bounds(survival, reach, scale) {
  if (scale === "plain") {
    return [Math.max(survival - survival * reach, 0), Math.min(survival + survival * reach, 1)];
  }
  if (scale === "log") {
    return [survival / Math.exp(reach), Math.min(survival * Math.exp(reach), 1)];
  }
  if (survival === 1) return [1, 1];
  const log = Math.log(survival);
  const power = Math.exp(reach / Math.abs(log));
  return [Math.exp(log * power), Math.exp(log / power)];
}

const median = (curve) => curve.find(({ survival }) => survival <= 0.5 + 1e-12)?.time;

// As `restricted_mean`; null where the curve is not known so far.
function restrictedMean(curve, tau) {
  const last = curve.at(-1);
  if (tau > last.time && last.survival > 0) return null;
  const inside = curve.filter(({ time }) => time < tau);
  const edges = [0, ...inside.map(({ time }) => time), tau];
  const heights = [1, ...inside.map(({ survival }) => survival)];
  const pieces = heights.map((height, i) => height * (edges[i + 1] - edges[i]));
  let [ahead, variance] = [0, 0]; // the area still to come after each time
  [...inside].reverse().forEach(({ survival, events: d, atRisk: n }, i) => {
    ahead += pieces.at(-1 - i);
    if (d && survival > 0) variance += ahead ** 2 * d / (n * (n - d));
  });
  return { mean: ahead + pieces[0], error: Math.sqrt(variance) };
}

const WEIGHTS = {
  "log-rank": () => 1,
  "gehan-breslow": (n) => n,
  "tarone-ware": (n) => Math.sqrt(n),
  "peto-peto": (n, survival) => survival,
  "fleming-harrington": (n, survival) => 1 - survival,
};

// As `log_rank`: the statistic and its degrees of freedom.
function logRank(spells, names, test) {
  const gap = names.map(() => 0);
  const covariance = names.map(() => names.map(() => 0));
  for (const stratum of new Set(spells.map((one) => one.stratum))) {
    const members = spells.filter((one) => one.stratum === stratum);
    const count = (rows) => names.map((name) => rows.filter((one) => one.group === name).length);
    let survival = 1;
    const times = new Set(members.filter(({ event }) => event).map(({ time }) => time));
    for (const time of [...times].sort((a, b) => a - b)) {
      const held = members.filter((one) => one.time >= time);
      const left = held.filter((one) => one.time === time && one.event);
      const [n, dead, deaths] = [held.length, left.length, count(left)];
      const share = count(held).map((size) => size / n);
      const weight = WEIGHTS[test](n, survival);
      const factor = weight ** 2 * dead * (n - dead) / Math.max(n - 1, 1);
      share.forEach((one, i) => {
        gap[i] += weight * (deaths[i] - one * dead);
        share.forEach((other, j) => {
          covariance[i][j] += factor * one * ((i === j ? 1 : 0) - other);
        });
      });
      survival *= 1 - dead / n;
    }
  }
  const trace = covariance.reduce((sum, row, i) => sum + row[i], 0);
  // A group with no variance is never at risk beside another one.
  const live = names.map((_, i) => i)
    .filter((i) => covariance[i][i] > 1e-12 * Math.max(trace, 1e-300));
  if (live.length < 2) {
    throw new Error("No event that counts falls while two groups are at risk together, " +
      "so they cannot be compared.");
  }
  const kept = live.slice(0, -1);
  const solution = solved(kept.map((i) => kept.map((j) => covariance[i][j])), kept.map((i) => gap[i]));
  if (!solution) {
    throw new Error("The groups are not all at risk together, so one test cannot compare them; " +
      "compare the groups that overlap in time.");
  }
  return [solution.reduce((sum, one, k) => sum + one * gap[kept[k]], 0), kept.length];
}

// As `CohortRows.spells`.
function cohortSpells(state, given) {
  if (state.strata === state.group) {
    throw new Error("The groups cannot be compared within themselves; choose another 'Within'.");
  }
  const stratum = state.strata === "none" ? given.groups.all : given.groups[state.strata];
  const kept = given.arrest.map((start, i) => ({
    start,
    stop: given.exit[i],
    event: given.released[i],
    group: given.groups[state.group][i],
    stratum: stratum[i],
    region: given.groups.region[i],
  })).filter((one) => one.group !== null && one.stratum !== null &&
    (state.only === "everyone" || one.region === state.only));
  if (!kept.length) {
    throw new Error(
      "No woman is left under these choices, so there is nothing to follow; widen them.");
  }
  const end = state.follow_up < given.last ? state.follow_up * given.month : Infinity;
  const launch = state.clock === "launch";
  const spells = kept
    .filter(({ start, stop }) =>
      (state.sample === "all" && !launch || start <= 0 && stop > 0) && Math.min(stop, end) > start)
    .map(({ start, stop, event, group, stratum: within }) => ({
      time: (Math.min(stop, end) - (launch ? 0 : start)) / given.month,
      event: event && stop <= end,
      group,
      stratum: within,
    }));
  if (!spells.length) {
    throw new Error("No row is at risk under these choices; widen the sample.");
  }
  return spells;
}

formulas.CohortCurves = (state, given, kinds) => {
  const spells = cohortSpells(state, given);
  const names = [...new Set(spells.map(({ group }) => group))].sort();
  const members = names.map((name) => spells.filter(({ group }) => group === name));
  const released = (rows) => rows.filter(({ event }) => event).length;
  if (!released(spells)) {
    throw new Error(`Nobody of these ${spells.length} women is released in the time followed, so ` +
      "there is nothing to compare; lengthen the follow-up or take in more women.");
  }
  const alone = members.findIndex((rows) => rows.length < 2);
  if (alone >= 0) {
    throw new Error(`The group '${names[alone]}' has one woman under these choices, and a curve ` +
      "of one is her own date. Choose other groups or a wider sample.");
  }
  const scale = state.interval === "none" ? "log-log" : state.interval;
  const fits = members.map((rows) => kaplanMeier(rows, scale));
  const [curves, censored] = [[], []];
  names.forEach((group, g) => {
    const start = { time: 0, survival: 1, atRisk: members[g].length, bounds: [1, 1] };
    for (const step of [start, ...fits[g]]) {
      if (step.events === 0) {
        censored.push(
          { group, time: npRounded(step.time, 4), survival: npRounded(step.survival, 4) });
      }
      if (step.events === 0 && step !== fits[g].at(-1)) continue;
      const [low, high] = step.bounds.map((bound) =>
        (state.interval === "none" || Number.isNaN(bound) ? null : npRounded(bound, 5)));
      const [time, survival] = [npRounded(step.time, 5), npRounded(step.survival, 5)];
      curves.push({ group, time, survival, low, high, at_risk: step.atRisk });
    }
  });
  const longest = Math.max(...spells.map(({ time }) => time));
  const counts = [];
  names.forEach((group, g) => {
    for (let time = 0; time < longest; time += given.marks[state.clock]) {
      counts.push({ group, time, n: members[g].filter((one) => one.time >= time).length });
    }
  });

  const means = fits.map((fit) => restrictedMean(fit, state.tau));
  const halves = fits.map((fit) =>
    (median(fit) === undefined ? "not reached" : fixed(median(fit), 1)));
  const table = {
    columns: ["group", "women", "released", "median, months", `mean up to ${state.tau} months`],
    right: ["women", "released"],
    rows: names.map((name, g) => {
      const [mean, reach] = means[g] ? [means[g].mean, REACH * means[g].error] : [];
      const said = means[g]
        ? `${fixed(mean, 1)} (${fixed(mean - reach, 1)} to ${fixed(mean + reach, 1)})`
        : "not known";
      return [name, `${members[g].length}`, `${released(members[g])}`, halves[g], said];
    }),
  };

  let sentence = `${given.whose}: ${spells.length} women, ${released(spells)} released, months ` +
    `since ${state.clock}. Median months held: ` +
    `${names.map((name, g) => `${name} ${halves[g]}`).join("; ")}.`;
  if (names.length > 1) {
    const [statistic, df] = logRank(spells, names, state.test);
    const [, title] = kinds.test.options.find(([value]) => value === state.test);
    const within = state.strata === "none" ? "" : ` within ${state.strata.replaceAll("_", " ")}`;
    sentence += ` The ${title} test${within} gives chi-squared ${fixed(statistic, 2)} on ${df} ` +
      `degree${df > 1 ? "s" : ""} of freedom, ${pSays(chiSquaredTail(df, statistic))}.`;
  }
  if (means.includes(null)) {
    sentence += ` A curve ends before month ${state.tau}, so there is no mean up to there to ` +
      "compare.";
  } else if (names.length === 2) {
    const gap = means[1].mean - means[0].mean;
    const reach = REACH * Math.hypot(means[0].error, means[1].error);
    const ends = [gap - reach, gap + reach]
      .map((end) => Math.abs(end) * (end * gap >= 0 ? 1 : -1)).sort((a, b) => a - b);
    sentence += ` Up to month ${state.tau}, women of the group '${names[0]}' are held ` +
      `${fixed(Math.abs(gap), 1)} months ${gap > 0 ? "less" : "more"} on average than ` +
      `'${names[1]}' (95 % interval ${fixed(ends[0], 1)} to ${fixed(ends[1], 1)}).`;
  }
  if (state.clock === "arrest" && state.sample === "in prison at launch") {
    sentence += " But everyone here had to last until the launch, so none of the months before " +
      "it could have ended in a release: on this clock the comparison is not to be read; take " +
      "the clock from the launch.";
  }
  const span = [{ longest, unit: `Months since ${state.clock}` }];
  return { rows: { curves, censored, counts, span }, sentence, table, greyed: {}, notes: {} };
};
