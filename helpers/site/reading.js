// Reads what a learner entered, as helpers/exercises/reading.py does, sentence by sentence; a
// test compares the two on thousands of entries. Here Unicode is folded by the browser.
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
  const count = (text, mark) => text.split(mark).length - 1;

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
    if (!PLAIN.test(marked)) {
      throw new Unreadable(`"${cut(text, 40)}" is not a number we can read; write it like 12.5.`);
    }
    return Number(plainDigits(marked));
  }

  const PERCENT = ["%", "percent", "per cent"];

  function fromText(answer, unit) {
    const inPercent = PERCENT.includes(unit);
    let text = strip(answer.normalize("NFKC").replaceAll("\u2212", "-").replaceAll("\u2044", "/"));
    const drop = (tail) => strip(Array.from(text).slice(0, -Array.from(tail).length).join(""));
    if (unit && !inPercent && casefold(text).endsWith(casefold(unit))) text = drop(unit);
    let percent = false;
    for (const mark of PERCENT) {
      if (!casefold(text).endsWith(mark)) continue;
      text = drop(mark);
      percent = true;
      break;
    }
    text = text.replace(/(?<=\p{Nd}) (?=\p{Nd}{3}(\P{Nd}|$))/gu, "");
    if (count(text, "/") === 1 && /\p{Nd}/u.test(text)) {
      const [top, bottom] = text.split("/").map(plain);
      if (bottom === 0) throw new Unreadable("A fraction cannot have zero below the line.");
      const value = top / bottom;
      return inPercent && !percent ? value * 100 : value;
    }
    const value = plain(text);
    return percent && !inPercent ? value / 100 : value;
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
    const [mantissa, exponent] = value.toExponential(9).split("e").map((x) => x);
    const power = Number(exponent);
    const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (power >= -4 && power < 10) return short(value.toFixed(Math.max(0, 9 - power)));
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${short(mantissa)}e${power < 0 ? "-" : "+"}${size}`;
  }

  return { Unreadable, number, onGrid, fold, foldWords, numberText, strip, cut };
})();
