// Power: of a test against a known rate, and of Fisher's test after a lottery.
const logFactorial = (() => {
  const kept = [0];
  return (n) => {
    while (kept.length <= n) kept.push(kept.at(-1) + Math.log(kept.length));
    return kept[n];
  };
})();
const logChoose = (n, k) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
const exits = (n, rate) => Array.from({ length: n + 1 }, (_, k) =>
  Math.exp(logChoose(n, k) + k * Math.log(rate) + (n - k) * Math.log1p(-rate)));
const multiplied = (rate, ratio) => {
  const odds = ratio * rate / (1 - rate);
  return odds / (1 + odds);
};

// As `power` in helpers/study/second_campaign.py, with one rate for all.
function powerAgainst(n, rate, ratio) {
  const none = exits(n, rate);
  const [below, above] = [cumulated(none), cumulated(none.toReversed()).reverse()];
  return sum(exits(n, multiplied(rate, ratio))
    .filter((_, k) => 2 * Math.min(below[k], above[k]) <= 0.05));
}

// As `_rejects`: by how many of the named are out, and how many of the waiting.
const fisherRejects = cached((given, named, waiting) => {
  const found = Array.from({ length: named + 1 }, () => new Array(waiting + 1).fill(false));
  for (let out = 0; out <= named + waiting; out += 1) {
    const tables = [];
    for (let k = Math.max(0, out - waiting); k <= Math.min(out, named); k += 1) {
      tables.push([k, Math.exp(logChoose(named, k) + logChoose(waiting, out - k) -
        logChoose(named + waiting, out))]);
    }
    tables.sort(([, a], [, b]) => a - b);
    const below = cumulated(tables.map(([, chance]) => chance));
    let last = 0;
    for (const [k, chance] of tables) {
      while (last + 1 < tables.length && tables[last + 1][1] <= chance * (1 + 1e-7)) last += 1;
      found[k][out - k] = below[last] <= 0.05 * (1 + 1e-7);
    }
  }
  return found;
}, 400);

const namedAtOnce = (pool, share) =>
  Math.min(Math.max(rounded(pool * share / 100, 0), 1), pool - 1);

function lotteryPower(given, pool, share, rate, ratio) {
  const named = namedAtOnce(pool, share);
  const waiting = pool - named;
  const rejects = fisherRejects(given, named, waiting);
  const [first, second] = [exits(named, multiplied(rate, ratio)), exits(waiting, rate)];
  return sum(first.map((p, k) => p * sum(second.filter((_, j) => rejects[k][j]))));
}

const powerRows = (curve, names, here, given) => ({
  power: curve.map(([n, power]) => ({ names: n, power })),
  here: [{ names, power: here, label: percent(here) }],
  goal: [{ power: given.goal }],
});

formulas.NextCampaign = ({ names, odds, rate }, given) => {
  const at = (n) => powerAgainst(n, rate / 100, odds);
  const curve = given.numbers.map((n) => [n, at(n)]);
  const here = at(names);
  const enough = curve.find(([, power]) => power >= given.goal)?.[0];
  const sentence = `With ${names} names and odds multiplied by ${general(odds)}, the exact test ` +
    `gives p ≤ .05 in ${percent(here)} of such campaigns. ` +
    (enough ? `Of the numbers tried, ${enough} is the first that reaches 80 %.`
      : `Even ${given.numbers.at(-1)} names do not reach 80 %.`) +
    (odds === 1 ? " At 1 nothing is there to be seen: this is the rate of false alarms." : "");
  const rows = powerRows(curve, names, here, given);
  return { rows, sentence, table: {}, greyed: {}, notes: {} };
};

formulas.Lottery = ({ pool, odds, first, rate }, given) => {
  const share = rate / 100;
  const at = (n) => lotteryPower(given, n, first, share, odds);
  const named = namedAtOnce(pool, first);
  const here = at(pool);
  const spared = named * (multiplied(share, odds) - share);
  const curve = Array.from({ length: 12 }, (_, k) => [10 * (k + 1), at(10 * (k + 1))]);
  const sentence = `${named} are named at once, ${pool - named} wait and are named when it is ` +
    `over. If a naming multiplies the odds by ${general(odds)}, Fisher's test sees it in ` +
    `${percent(here)} of such lotteries, and about ${fixed(spared, 1)} of those named first owe ` +
    "their exit to it. What the waiting lose is the same gain, each by the length of the wait: " +
    "that is the price of knowing.";
  const rows = powerRows(curve, pool, here, given);
  return { rows, sentence, table: {}, greyed: {}, notes: {} };
};
