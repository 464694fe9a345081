// Bounds where outcomes are not known.
formulas.Bounds = (state, given) => {
  // As `manski` in helpers/study/attribution.py.
  const manski = (k, n, unknown) => {
    if (k + unknown > n) {
      throw new Error(`${k} known and ${unknown} unknown do not fit into ${n}.`);
    }
    return [k / n, (k + unknown) / n];
  };
  const ours = manski(state.short, 19, state.short_unknown);
  const theirs = manski(state.long, 21, state.long_unknown);
  const bounds = [ours, theirs, [ours[0] - theirs[1], ours[1] - theirs[0]]]
    .map((pair) => pair.map((share) => 100 * share));
  const minus = (text) => text.replaceAll("-", "−");
  const rows = given.names.map((row, i) => {
    const [low, high] = bounds[i];
    return { row, low, high, label: minus(`${fixed(low, 0)} to ${fixed(high, 0)}`) };
  });
  const [low, high] = bounds[2];
  const where = low < high ? `lies between ${fixed(low, 0)} and ${fixed(high, 0)}`
    : `is ${fixed(low, 0)}`;
  const sentence = minus(
    `With ${state.short_unknown} unknown of 19 and ${state.long_unknown} of 21 the difference ` +
    `${where} points, before any sampling error. ` +
    (low > 0 || high < 0
      ? "The sign of the difference does not depend on the unknown."
      : "Even the sign of the difference depends on the unknown."));
  return { rows: { bounds: rows }, sentence, table: {}, greyed: {}, notes: {} };
};
