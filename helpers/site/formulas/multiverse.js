// One universe among all, as `CONSTRAINTS` in helpers/study/multiverse.py leaves them.
const constraints = [
  (u) => u.family !== "weibull" && u.entry !== "start",
  (u) => u.clock === "launch" && u.entry !== "start",
  (u) => u.sample !== "held" && (u.clock === "launch" || u.entry === "late"),
  (u) => u.family !== "weibull" && u.outcome === "ever" && u.clock === "launch",
  (u) => u.family !== "weibull" && u.deaths === "end",
  (u) => u.concerns === "none" && u.missing !== "drop",
  (u) => u.family === "weibull" && u.errors === "robust",
];

formulas.TenChoices = (state, given, kinds) => {
  const whyNot = (tried) => given.reasons[constraints.findIndex((bars) => bars(tried))] ?? "";
  const reason = whyNot(state);
  if (reason) throw new Error(`These choices do not go together: ${reason}. Change one of them.`);
  const printed = given.printed.find(([choices]) =>
    Object.entries(choices).every(([name, value]) => state[name] === value))?.[1];
  const key = Object.entries(given.options)
    .map(([name, options]) => options.indexOf(state[name])).join("");
  let sentence = `This universe estimates: ${given.whats[`${state.family} ${state.outcome}`]}. `;
  if (printed) sentence += `It is ${printed} of the paper. `;
  let rows = { curve: [], lit: [], marked: [], zero: [], span: [] };
  const answer = given.answers[key];
  if (!state.shown) {
    sentence += "Its result is not shown yet: fix your choices first.";
  } else if (typeof answer === "number") {
    sentence += `It has no answer: ${given.problems[answer]}. That is its result.`;
  } else {
    const [n, estimate, low, high, drawn, below, own] = answer.split(",");
    const by = state.family !== "weibull" ? state.outcome : state.outcome === "12" ? "12" : "24";
    const { bins, span, size, ends } = given.curves[by];
    const grouped = (count) => Number(count).toLocaleString("en-US");
    if (own) sentence += `The ${given.own[state.family]} is ${own}. `;
    sentence += `With ${n} women, ${estimate} percentage points more released ` +
      `${by === "ever" ? "at any time" : `by month ${by}`} (95 % interval ${low} to ${high}). ` +
      `Of ${grouped(size)} universes with an answer on that scale ${grouped(below)} give less; ` +
      `they run from ${ends[0]} to ${ends[1]} points. ${given.caveat}`;
    const mark = {
      place: (Number(below) + 0.5) / size,
      estimate: Number(drawn),
      label: "yours",
      top: Math.max(...bins.map((bin) => bin.high)),
    };
    rows = { curve: bins, lit: [], marked: [mark], zero: [{ estimate: 0 }], span };
  }
  return {
    rows,
    sentence,
    table: {},
    greyed: refused(state, kinds, whyNot),
    notes: {},
  };
};
