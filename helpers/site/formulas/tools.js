// Panels that are computed here, as their `compute` and `unavailable` do in Python: from the
// state of the controls and what the module of the same name gave.
const formulas = {};

const REACH = 1.959963984540054; // standard errors on either side in an interval of 95 %

// As f"{x:.{digits}f}": the exact binary value, a tie to the even digit.
function fixed(x, digits) {
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const size = Math.abs(x);
  if ((size * 2 ** (digits + 1)) % 2 !== 1) return sign + size.toFixed(digits);
  const scale = 10 ** digits; // an odd number of halves: a tie
  return sign + (2 * Math.round(size * scale / 2) / scale).toFixed(digits);
}

// As f"{x:+.{digits}f}".
const signed = (x, digits) => (x < 0 || Object.is(x, -0) ? "" : "+") + fixed(x, digits);

// As f"{x:z.{digits}f}": no minus before a zero.
const zeroed = (x, digits) => fixed(x, digits).replace(/^-(0\.?0*)$/, "$1");

// As f"{100 * share:.0f} %".
const percent = (share) => `${fixed(100 * share, 0)} %`;

// As `counted` in helpers/words.py.
const counted = (number, one, many) => `${number} ${number === 1 ? one : many ?? `${one}s`}`;

// As round(x, digits).
const rounded = (x, digits) => Number(fixed(x, digits));

// As np.round(x, digits).
function npRounded(x, digits) {
  const scale = 10 ** digits;
  const y = x * scale;
  const low = Math.floor(y);
  const whole = y - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(y);
  return whole / scale;
}

// As f"{x:g}".
function general(x) {
  const number = Number(x.toPrecision(6));
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [digits, power] = number.toExponential().split("e");
    const [sign, places] = [power[0], power.slice(1)];
    return `${digits}e${sign}${places.padStart(2, "0")}`;
  }
  return Object.is(x, -0) ? "-0" : String(number);
}

// Complementary error function, to 1e-15: the series with terms of one sign near zero, the
// continued fraction beyond (Abramowitz & Stegun 7.1.6 and 7.1.14).
function erfc(x) {
  const size = Math.abs(x);
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; term > 1e-17 * sum; n += 1) {
      term *= 2 * size * size / (2 * n + 1);
      sum += term;
    }
    return 1 - Math.sign(x) * 2 / Math.sqrt(Math.PI) * Math.exp(-size * size) * sum;
  }
  let tail = 0;
  for (let n = 60; n > 0; n -= 1) tail = n / 2 / (size + tail);
  const upper = Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + tail);
  return x > 0 ? upper : 2 - upper;
}

// Distribution function of the standard normal, as `normal_tail`.
const normal = (x) => erfc(-x / Math.SQRT2) / 2;

// Upper tail of chi-squared, by recurrence from 1 or 2 degrees of freedom (Abramowitz & Stegun
// 26.4.4 and 26.4.5).
function chiSquaredTail(df, x) {
  if (df <= 2) return df === 1 ? erfc(Math.sqrt(x / 2)) : Math.exp(-x / 2);
  let term = df % 2 ? Math.sqrt(2 * x / Math.PI) * Math.exp(-x / 2) : x / 2 * Math.exp(-x / 2);
  let tail = chiSquaredTail(2 - df % 2, x) + term;
  for (let k = 4 - df % 2; k < df; k += 2) tail += term *= x / k;
  return tail;
}

// Solution of a linear system whose matrix is symmetric with no negative eigenvalue; null where
// that is singular.
function solved(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const least = 1e-13 * Math.max(...matrix.map((row, i) => row[i]));
  for (const [k, pivot] of rows.entries()) {
    if (!(pivot[k] > least)) return null;
    for (const row of rows) {
      const times = row === pivot ? 0 : row[k] / pivot[k];
      for (let j = k; times && j < row.length; j += 1) row[j] -= times * pivot[j];
    }
  }
  return rows.map((row, i) => row.at(-1) / row[i]);
}

// Inverse of such a matrix.
const inverse = (matrix) =>
  matrix.map((_, k) => solved(matrix, matrix.map((_, i) => Number(i === k))));

// As `p_says`.
function pSays(p) {
  if (p < 0.0001) return "p below 0.0001";
  return `p = ${p > 0.9995 ? "1.0" : fixed(p, p < 0.02 ? 4 : p < 0.1 || p > 0.995 ? 3 : 2)}`;
}

// As `listed`, none left out.
const listed = (items) =>
  [items.slice(0, -1).join(", "), ...items.slice(-1)].filter(Boolean).join(" and ");

// As np.interp with a rising grid.
function interpolated(x, grid, values) {
  const last = grid.length - 1;
  if (x <= grid[0]) return values[0];
  if (x >= grid[last]) return values[last];
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (grid[middle] <= x) low = middle; else high = middle;
  }
  if (x === grid[low]) return values[low];
  const slope = (values[high] - values[low]) / (grid[high] - grid[low]);
  return slope * (x - grid[low]) + values[low];
}

// As `greyed` in helpers/panels/base/controls.py.
function refused(state, kinds, check) {
  const out = {};
  for (const [field, { kind, options = [] }] of Object.entries(kinds)) {
    const now = state[field];
    const tries = kind === "several"
      ? options.map(([value]) =>
        [value, now.includes(value) ? now.filter((v) => v !== value) : [...now, value]])
      : kind === "toggle" ? [[String(!now), !now]]
      : kind === "slider" ? []
      : options.filter(([value]) => value !== now).map(([value]) => [value, value]);
    for (const [shown, value] of tries) {
      const reason = check({ ...state, [field]: value });
      if (reason) (out[field] ??= {})[shown] = reason;
    }
  }
  return out;
}

const sum = (numbers) => numbers.reduce((total, x) => total + x, 0);
const cumulated = (numbers) => {
  let total = 0;
  return numbers.map((x) => (total += x));
};
const dot = (a, b) => sum(a.map((x, i) => x * b[i]));

// Keeps the last results of a function of what was given and of plain values.
function cached(work, most = 8) {
  const kept = new Map();
  return (given, ...values) => {
    const key = JSON.stringify([given.formula, ...values]);
    if (!kept.has(key)) {
      if (kept.size >= most) kept.delete(kept.keys().next().value);
      kept.set(key, work(given, ...values));
    }
    return kept.get(key);
  };
}

// NumPy's default generator, PCG64 (O'Neill 2014, XSL-RR 128/64): 64 bits a call.
function generator(state, increment) {
  const multiplier = 47026247687942121848144207491837523525n;
  const [step, low] = [BigInt(increment), (1n << 64n) - 1n];
  let stands = BigInt(state);
  return () => {
    stands = BigInt.asUintN(128, stands * multiplier + step);
    const folded = (stands >> 64n) ^ (stands & low);
    const turn = stands >> 122n;
    return BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
  };
}

// As Generator.random.
const uniform = (next) => Number(next() >> 11n) / 2 ** 53;

// Layers of the ziggurat under the normal density (Marsaglia & Tsang 2000), as NumPy divides it.
const ziggurat = (() => {
  const [layers, tail] = [256, 3.6541528853610087963519472518];
  const density = (x) => Math.exp(-x * x / 2);
  const area = tail * density(tail) + Math.sqrt(Math.PI / 2) * erfc(tail / Math.SQRT2);
  const edge = new Array(layers).fill(0);
  edge[0] = area / density(tail);
  edge[layers - 1] = tail;
  for (let i = layers - 1; i > 1; i -= 1) {
    edge[i - 1] = Math.sqrt(-2 * Math.log(area / edge[i] + density(edge[i])));
  }
  const inner = edge.map((x, i) => (i === 0 ? tail / x : i === 1 ? 0 : edge[i - 1] / x) * 2 ** 52);
  const heights = edge.map((x, i) => (i === 0 ? 1 : density(x)));
  return { tail, edge, inner, heights };
})();

// As Generator.standard_normal.
function standardNormals(next, count) {
  const { tail, edge, inner, heights } = ziggurat;
  const one = () => {
    for (;;) {
      const bits = next();
      const layer = Number(bits & 255n);
      const size = Number((bits >> 9n) & ((1n << 52n) - 1n));
      const sign = (bits >> 8n) & 1n ? -1 : 1;
      const x = size * (edge[layer] / 2 ** 52);
      if (size < inner[layer]) return sign * x;
      if (layer > 0) {
        const [low, high] = [heights[layer], heights[layer - 1]];
        if ((high - low) * uniform(next) + low < Math.exp(-x * x / 2)) return sign * x;
        continue;
      }
      const side = Math.floor(size / 256) % 2 ? -1 : 1;
      for (;;) {
        const beyond = -Math.log1p(-uniform(next)) / tail;
        const height = -Math.log1p(-uniform(next));
        if (2 * height > beyond * beyond) return side * (tail + beyond);
      }
    }
  };
  return Array.from({ length: count }, one);
}
