// The group mean model by family, as `signatures` in helpers/stats/fingerprint.py.
function signatures(family, a, b, given) {
  const { inside: n, outside: m } = given.sizes;
  const [p, q, total] = [a / n, b / m, n + m];
  if (family === "lm" || family === "glm") {
    const within = n * p * (1 - p) + m * q * (1 - q);
    const s = Math.sqrt(within / (total - 2));
    const gaussian = -total / 2 * (Math.log(2 * Math.PI * within / total) + 1);
    const aic = 2 * 3 - 2 * gaussian;
    const likelihood = family === "lm" ? gaussian : 2 - aic / 2;
    return [p - q, s * Math.sqrt(1 / n + 1 / m), q, s / Math.sqrt(m), likelihood, aic];
  }
  const density = (x) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  const [probitP, probitQ] = [given.probits.inside[a], given.probits.outside[b]];
  const [atP, atQ, slopeP, slopeQ] = {
    logit: [Math.log(p / (1 - p)), Math.log(q / (1 - q)), p * (1 - p), q * (1 - q)],
    probit: [probitP, probitQ, density(probitP), density(probitQ)],
    identity: [p, q, 1, 1],
  }[family];
  const parts = [p * (1 - p) / n / slopeP ** 2, q * (1 - q) / m / slopeQ ** 2];
  const bernoulli = sum([[a, n, p], [b, m, q]].map(([k, size, r]) =>
    k * Math.log(r) + (size - k) * Math.log(1 - r)));
  return [atP - atQ, Math.sqrt(sum(parts)), atQ, Math.sqrt(parts[1]), bernoulli, 4 - 2 * bernoulli];
}

formulas.Suspects = (state, given) => {
  const { family, inside, outside } = state;
  const found = signatures(family, inside, outside, given).map((computed, i) => {
    const { said, axis, printed } = given.quantities[i];
    const room = 0.5 * 10 ** -printed.split(".")[1].length;
    const away = computed - Number(printed);
    return { said, axis, printed, computed, room, away, agrees: Math.abs(away) <= room + 1e-9 };
  });
  const marks = found.map(({ axis, printed, computed, room, away, agrees }) => ({
    quantity: axis,
    distance: away / room,
    verdict: agrees ? "agrees" : "differs",
    value: fixed(computed, 3),
    tip: `printed ${printed}, ${family} gives ${fixed(computed, 5)}`,
  }));
  const right = found.filter(({ agrees }) => agrees).length;
  const wrong = found.find(({ agrees }) => !agrees);
  const sentence = `Suspect: ${given.names[family]}, on ${inside} of ${given.sizes.inside} and ` +
    `${outside} of ${given.sizes.outside} released. ${right} of ${found.length} printed numbers ` +
    "agree" + (wrong
      ? `; for ${wrong.said} it would print ${fixed(wrong.computed, 3)} where the paper has ` +
        `${wrong.printed}.`
      : ": every digit.");
  const origin = inside === 17 && outside === 102 ? "R1" : "counts that you changed";
  const suspect = found.map(({ computed, agrees }) =>
    `${fixed(computed, 3)} ${agrees ? "✓" : "✗"}`);
  return {
    rows: { marks },
    sentence,
    table: {
      columns: given.columns,
      right: [],
      rows: [given.paper, [`${given.names[family]} (${origin})`, ...suspect]],
    },
    greyed: {},
    notes: {},
  };
};
