// Reads what a learner entered, as helpers/exercises/reading.py does, sentence by sentence; a
// test compares the two on thousands of entries. RULES holds the tables of that file.
const reading = (() => {
  class Unreadable extends Error {}

  // What Python's strip() and split() take for space.
  const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
  const GAPS = new RegExp(`${SPACE}+`);
  const strip = (text) => text.replace(EDGES, "");
  const isDigit = (c) => /^\p{Nd}$/u.test(c);

  // Digits of every script, as Python's float() takes them.
  function plainDigits(text) {
    return text.replace(/\p{Nd}/gu, (c) => {
      let value = 0;
      for (let at = c.codePointAt(0) - 1; isDigit(String.fromCodePoint(at)); at--) value++;
      return String(value % 10);
    });
  }

  const casefold = (text) =>
    Array.from(text, (c) => c.toUpperCase().toLowerCase()).join("").replace(/ς/g, "σ");
  const fold = (text) => strip(casefold(text.normalize("NFKC"))).split(GAPS).join(" ");
  function foldWords(text) {
    const kept = fold(text).normalize("NFKD").replace(/\p{M}/gu, "");
    return kept.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  const cut = (text, most) => Array.from(text).slice(0, most).join("");
  const D = "\\p{Nd}";
  const whole = (pattern, flags = "u") => new RegExp(`^(?:${pattern})$`, flags);
  const ENGLISH = whole(`[+-]?${D}{1,3}(,${D}{3})+\\.${D}+`);
  const GERMAN = whole(`[+-]?${D}{1,3}(\\.${D}{3})+,${D}+`);
  const THOUSANDS = whole(`[+-]?[1-9]${D}{0,2}(,${D}{3})+`);
  const PLAIN = whole(`[+-]?(${D}+\\.?${D}*|\\.${D}+)(e[+-]?${D}{1,3})?`, "iu");
  const ENDED = whole(`(.*?[${D}.)])${SPACE}*(-fold|%[a-z -]*|x|[a-z][a-z .-]*)`, "iu");
  const FRACTION = whole(`[${D}.,+\\-e${SPACE.slice(1, -1)}]+/[${D}.,+\\-e${SPACE.slice(1, -1)}]+`);
  const WORKED = new RegExp(`[*/^()a-z]|(?<=[${D}.)])${SPACE}*[+-]`, "u");
  const OF = new RegExp(`(?<=${D})${SPACE}+of${SPACE}+(?=${D})`, "gu");
  const TYPED = whole(`[+\\-\u2212]?${D}+(?:[.,](${D}+))?${SPACE}*\\P{Nd}*`);
  const count = (text, mark) => text.split(mark).length - 1;
  const unreadable = (entry) => new Unreadable(
    `"${cut(strip(entry), 60)}" is not a number we can read; write it like 12.5, 17/19 or sqrt(2).`);

  function oneDecimalMark(text) {
    if (!text.includes(",")) return text;
    if (ENGLISH.test(text)) return text.replaceAll(",", "");
    if (GERMAN.test(text)) return text.replaceAll(".", "").replaceAll(",", ".");
    if (THOUSANDS.test(text)) {
      throw new Unreadable(
        `"${text}" could be a thousand or a decimal; write it without the comma, ` +
          "or with a point for decimals.");
    }
    if (count(text, ",") === 1 && !text.includes(".")) return text.replace(",", ".");
    throw new Unreadable(`"${text}" is not a number we can read; write it like 12.5.`);
  }

  function plain(text) {
    const marked = oneDecimalMark(strip(text));
    if (!PLAIN.test(marked)) throw unreadable(text);
    return Number(plainDigits(marked));
  }

  function plainOf(text, entry) {
    try {
      return plain(text);
    } catch (error) {
      throw text === strip(entry) || text.includes(",") ? error : unreadable(entry);
    }
  }

  // Returns the text without a unit at its end, and whether that was a percentage sign.
  function withoutUnit(text, unit, entry) {
    const { percent, units } = RULES;
    const asked = casefold(unit ?? "");
    if (unit && !percent.includes(asked) && !(asked in units) && casefold(text).endsWith(asked)) {
      return [strip(Array.from(text).slice(0, -Array.from(unit).length).join("")), false];
    }
    const found = ENDED.exec(text);
    if (!found || casefold(found[2]) === "e") return [text, false];
    const said = strip(casefold(found[2]).replace(/\.+$/, "")).split(GAPS).join(" ");
    const number = strip(found[1]);
    if (percent.includes(said)) return [number, true];
    const own = units[asked] ?? asked;
    const meant = units[said] ?? said;
    if (meant === own || (!unit && meant === "times") || own.split(" ").includes(meant)) {
      return [number, false];
    }
    if (Object.values(units).includes(meant)) {
      const wanted = unit ? `${unit} are asked for` : "a number without a unit is asked for";
      throw new Unreadable(`"${cut(strip(entry), 60)}" is in ${meant}; ${wanted}.`);
    }
    return [text, false];
  }

  class ByZero extends Error {}
  const TOKEN = /[ \t\f]*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z]+)|(\*\*|[-+*/()])|(#.*$))/y;

  function tokensOf(text) {
    const tokens = [];
    TOKEN.lastIndex = 0;
    for (let at = 0; strip(text.slice(at)); at = TOKEN.lastIndex) {
      const found = TOKEN.exec(text);
      if (!found) throw new SyntaxError();
      const [, number, name, mark] = found;
      // As in Python: no whole number begins with a zero, and none is followed by a letter.
      if (number && (/^0\d*[1-9]\d*$/.test(number) || /[\w.]/.test(text[TOKEN.lastIndex] ?? ""))) {
        throw new SyntaxError();
      }
      if (number ?? name ?? mark) tokens.push({ number, name, mark });
    }
    return tokens;
  }

  const finite = (value, from) => {
    if (Number.isNaN(value) || (!Number.isFinite(value) && from.every(Number.isFinite))) throw new RangeError();
    return value;
  };
  const FUNCTIONS = { sqrt: Math.sqrt, exp: Math.exp, ln: Math.log, log: Math.log };

  function power(left, right) {
    if (!(Math.abs(right) <= 100)) throw new RangeError();
    if (left === 0 && right < 0) throw new ByZero();
    return finite(left ** right, [left, right]);
  }

  // Simple arithmetic: + - * / ^ ( ) sqrt exp ln, with Python's precedence.
  function arithmetic(text, entry) {
    if (new RegExp(`${D}[xob_]`, "iu").test(text)) throw unreadable(entry);
    if (whole(`${D}+/${D}+/${D}+`).test(text)) throw unreadable(entry);
    if (new RegExp(`[+-]${SPACE}*[+-]`).test(text)) throw unreadable(entry);
    let tokens = [];
    const take = (...marks) => (marks.includes(tokens[0]?.mark) ? tokens.shift().mark : "");
    function sum() {
      let value = product();
      for (let mark; (mark = take("+", "-")); ) {
        const other = product();
        value = mark === "+" ? value + other : value - other;
      }
      return value;
    }
    function product() {
      let value = signed();
      for (let mark; (mark = take("*", "/")); ) {
        const other = signed();
        if (mark === "/" && other === 0) throw new ByZero();
        value = mark === "*" ? value * other : value / other;
      }
      return value;
    }
    function signed() {
      const mark = take("+", "-");
      if (mark) return mark === "-" ? -signed() : signed();
      const base = atom();
      return take("**") ? power(base, signed()) : base;
    }
    function atom() {
      const { number, name, mark } = tokens.shift() ?? {};
      if (number) return Number(number);
      if (name === "True" || name === "False") return Number(name === "True");
      const work = name && FUNCTIONS[name.toLowerCase()];
      if (name && (!work || !take("("))) throw new SyntaxError();
      if (!name && mark !== "(") throw new SyntaxError();
      const value = sum();
      if (!take(")")) throw new SyntaxError();
      if (!work) return value;
      return finite(work(value), [value]);
    }
    try {
      tokens = tokensOf(text.replaceAll("^", "**").replaceAll(",", "."));
      const value = sum();
      if (tokens.length) throw new SyntaxError();
      return value;
    } catch (error) {
      if (error instanceof ByZero) throw new Unreadable(`"${cut(strip(entry), 60)}" divides by zero.`);
      throw unreadable(entry);
    }
  }

  function fromText(answer, unit) {
    let text = answer.normalize("NFKC");
    for (const [typed, meant] of RULES.signs) text = text.replaceAll(typed, meant);
    text = strip(strip(text).replace(/^=/, ""));
    let percent;
    [text, percent] = withoutUnit(text, unit, answer);
    const scaled = RULES.percent.includes(unit) || RULES.points.includes(unit);
    text = text.replace(/(?<=\p{Nd}) (?=\p{Nd}{3}(\P{Nd}|$))/gu, "");
    const word = RULES.words[casefold(text)];
    if (word !== undefined) return word;
    text = text.replace(OF, "/");
    if (count(text, "/") === 1 && FRACTION.test(text)) {
      const [top, bottom] = text.split("/").map(plain);
      if (bottom === 0) throw new Unreadable("A fraction cannot have zero below the line.");
      const value = top / bottom;
      return scaled && !percent ? value * 100 : value;
    }
    if (WORKED.test(casefold(text)) && !PLAIN.test(text.replace(",", "."))) {
      const value = arithmetic(text, answer);
      const share = scaled && !percent && text.includes("/") && Math.abs(value) <= 1;
      return share ? value * 100 : value;
    }
    const value = plainOf(text, answer);
    return percent && !scaled ? value / 100 : value;
  }

  // How many decimals were written; null where no plain number was.
  function decimalsTyped(answer) {
    const found = TYPED.exec(strip(answer));
    return found ? Array.from(found[1] ?? "").length : null;
  }

  function number(answer, unit) {
    const value = fromText(answer, unit);
    if (!Number.isFinite(value)) throw new Unreadable("A finite number is expected here.");
    return value;
  }

  // The canonical text of a number rounded half up to `places` decimals, in whole numbers: what
  // is rounded is the shortest decimal that means this number, as in Python.
  function onGrid(value, places) {
    const [, sign, digits, tail = "", exponent = "0"] =
      /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value));
    const shift = Number(exponent) - tail.length + places;
    const all = BigInt(digits + tail);
    let scaled;
    if (shift >= 0) scaled = all * 10n ** BigInt(shift);
    else {
      const step = 10n ** BigInt(-shift);
      scaled = (2n * all + step) / (2n * step);
    }
    return `#${sign && scaled ? "-" : ""}${scaled}`;
  }

  // A number as short as it can be written, as Python's format ".10g".
  function numberText(value) {
    if (Object.is(value, -0)) return "-0";
    // Half way between two, Python takes the even one.
    const tie = /^(-?\d\.\d{8}[02468])50*(e.*)$/.exec(value.toExponential(60));
    const [mantissa, exponent] = (tie ? tie[1] + tie[2] : value.toExponential(9)).split("e");
    const power = Number(exponent);
    const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (power >= -4 && power < 10) return short(Number(`${mantissa}e${power}`).toFixed(9 - power));
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${short(mantissa)}e${power < 0 ? "-" : "+"}${size}`;
  }

  return { Unreadable, number, onGrid, fold, foldWords, numberText, decimalsTyped, strip, cut };
})();
