// A panel without Python: its view is that of the notebook; this answers it from settings that
// were computed beforehand, as helpers/panels/base/panel.py does.
const ELSEWHERE = "not in the web edition; the notebook has it";
const NOT_HERE =
  "This setting is not in the web edition, which holds those near the start and the presets; " +
  "open the notebook in JupyterLab for it.";
const IN_LAB = "works in the notebook only";

// Stands for the widget's model: the views ask nothing more of it.
function standIn(state) {
  const heard = {};
  return {
    get: (name) => state[name],
    on: (event, then) => (heard[event] ??= []).push(then),
    off: (event, then) => (heard[event] = (heard[event] ?? []).filter((other) => other !== then)),
    put(name, value) {
      state[name] = value;
      (heard[`change:${name}`] ?? []).slice().forEach((then) => then());
    },
  };
}

// As urllib.parse.quote(text, safe="+ ,").
const quoted = (text) =>
  encodeURIComponent(text)
    .replace(/[!*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2B/g, "+").replace(/%20/g, " ").replace(/%2C/g, ",");

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function panelModel(stored, moved) {
  const { controls, frames, pool, names, ghosts, given } = stored;
  const model = standIn({ facts: stored.facts, pictures: stored.pictures, frame: { serial: 0 } });
  const kinds = Object.fromEntries(stored.facts.controls.map((c) => [c.field, c]));
  const several = (c) => kinds[c.field].kind === "several";
  // Of several boxes each combination is a value: its place has a bit for each box.
  const ticked = (c, place, column) =>
    kinds[c.field].options.filter((_, k) => place >> k & 1).map((option) => option[column]);
  const placeOfBoxes = (c, values) =>
    kinds[c.field].options.reduce((place, [v], k) => place | values.includes(v) << k, 0);
  const valueOf = (c, place) => (several(c) ? ticked(c, place, 0) : c.values[place]);
  const writtenOf = (c, place) => (several(c) ? ticked(c, place, 0).join("+") : c.written[place]);
  const saidOf = (c, place) =>
    (several(c) ? ticked(c, place, 1).join(", ") || "none" : c.said[place]);
  const key = (at) => at.join(".");
  const apart = controls.findIndex((c) => c.field === given?.apart?.by);
  const left = {}; // settings by the place of that control, which keeps the others apart
  let at = stored.start.slice();
  let drawn = at;

  const settingOf = (place) =>
    controls
      .map((c, i) =>
        (place[i] === stored.default[i] ? "" : `${c.field}=${quoted(writtenOf(c, place[i]))}`))
      .filter(Boolean).join("&");
  const standing = () => ({
    state: Object.fromEntries(controls.map((c, i) => [c.field, valueOf(c, at[i])])),
    setting: settingOf(at),
  });

  function placeOfNumber(c, value) {
    const { low, high, label } = kinds[c.field];
    const number = Number(value);
    if (String(value).trim() === "" || !(low <= number && number <= high)) {
      throw new Error(`${label} takes a number from ${low} to ${high}, not '${value}'.`);
    }
    const place = c.values.findIndex((v) => Math.abs(v - number) < 1e-9);
    if (place < 0) throw new Error(NOT_HERE);
    return place;
  }

  function placeOfText(c, text) {
    if (kinds[c.field].kind === "slider") return placeOfNumber(c, text);
    const wanted = several(c) ? text.split("+").filter(Boolean) : [text];
    const known = kinds[c.field].options?.map(([value]) => value) ?? c.written;
    const strange = wanted.find((part) => !known.includes(part));
    if (strange !== undefined) {
      throw new Error(`${c.label} cannot be '${strange}'; it is one of: ${known.join(", ")}.`);
    }
    return several(c) ? placeOfBoxes(c, wanted) : c.written.indexOf(text);
  }

  // Where a move leads. At each value of a control that keeps the others apart, such as the
  // spiral's country, all but the shared ones are as they were left there.
  function step(i, place) {
    if (i !== apart) return at.with(i, place);
    left[at[i]] = at;
    return (left[place] ?? stored.default).map((there, k) =>
      k === i ? place : given.apart.shared.includes(controls[k].field) ? at[k] : there);
  }

  function placesOf(setting) {
    const place = stored.default.slice();
    for (const part of setting.split("&").filter(Boolean)) {
      const [name, ...rest] = part.split("=");
      const i = controls.findIndex((c) => c.field === name);
      if (i < 0) {
        const known = controls.map((c) => c.field).join(", ");
        throw new Error(`this panel has no control '${name}'; it has: ${known}.`);
      }
      place[i] = placeOfText(controls[i], decodeURIComponent(rest.join("=")));
    }
    return place;
  }

  // What is not here is greyed as what cannot be: with the reason.
  function absent(greyed) {
    const out = structuredClone(greyed);
    for (const name of stored.buttons) out[name] = IN_LAB;
    if (given || Object.keys(frames).length === stored.whole) return out;
    controls.forEach((c, i) => {
      const { kind, options = [] } = kinds[c.field];
      if (kind === "slider" || kind === "steps" || typeof out[c.field] === "string") return;
      const tries = kind === "toggle" ? [[String(!c.values[at[i]]), 1 - at[i]]]
        : kind === "several" ? options.map(([value], k) => [value, at[i] ^ (1 << k)])
        : options.map(([value]) => [value, c.values.indexOf(value)]);
      for (const [value, place] of tries) {
        const to = key([...at.slice(0, i), place, ...at.slice(i + 1)]);
        if (!(to in frames)) (out[c.field] ??= {})[value] ??= ELSEWHERE;
      }
    });
    return out;
  }

  function next(changes) {
    const frame = model.get("frame");
    model.put("frame", { ...frame, ...changes, serial: frame.serial + 1 });
  }

  function refuse(error) {
    const shown = controls
      .map((c, i) => (drawn[i] === at[i] ? "" : `${c.label}: ${saidOf(c, drawn[i])}`))
      .filter(Boolean).join("; ");
    return { error, shown, ...standing() };
  }

  function traces(rows, traced) {
    const shown = traced ? model.get("frame").rows ?? {} : {};
    const parent = (name) => name.replace(/_ghost$/, "");
    const still = ghosts.every((name) => same(shown[parent(name)], rows[parent(name)]));
    return Object.fromEntries(
      ghosts.map((name) => [name, shown[still ? name : parent(name)] ?? []]));
  }

  function computed() {
    try {
      return formulas[given.formula](standing().state, given, kinds);
    } catch (problem) {
      return problem;
    }
  }

  function unpooled(frame) {
    const [sentence, table, greyed, notes, ...rows] = frame.map((piece) => pool[piece]);
    return { sentence, table, greyed, notes,
      rows: Object.fromEntries(names.map((name, i) => [name, rows[i]])) };
  }

  // Returns what the frame at the present setting changes.
  function picture(traced) {
    const frame = given ? computed() : frames[key(at)];
    if (frame === undefined) return refuse(NOT_HERE);
    if (typeof frame === "number") return refuse(pool[frame]);
    if (frame instanceof Error) return refuse(frame.message);
    drawn = at;
    const { sentence, table, greyed, notes, rows: data } = given ? frame : unpooled(frame);
    return { rows: { ...data, ...traces(data, traced) }, sentence, table, notes,
      greyed: absent(greyed), error: "", shown: "", ...standing() };
  }

  function answer(message) {
    if (message.kind === "reset") at = stored.start.slice();
    else if (message.kind === "open") {
      try {
        at = placesOf(message.setting);
      } catch (problem) {
        return refuse(problem.message === NOT_HERE ? NOT_HERE
          : `This setting cannot be opened: ${problem.message}`);
      }
    } else {
      let changes = {};
      for (const [name, value] of Object.entries(message.changes)) {
        const i = controls.findIndex((c) => c.field === name);
        if (i < 0) continue;
        const { kind } = kinds[name];
        try {
          const place = kind === "slider" ? placeOfNumber(controls[i], value)
            : kind === "toggle" ? Number(Boolean(value))
            : kind === "several" ? placeOfBoxes(controls[i], value)
            : controls[i].values.indexOf(value);
          at = step(i, place);
          changes = picture(i !== apart);
          model.get("frame").rows = changes.rows ?? model.get("frame").rows;
        } catch (problem) {
          changes = refuse(problem.message);
        }
      }
      return changes;
    }
    return picture(true);
  }

  model.send = (message) => {
    if (message.kind === "vega") return;
    const changes = answer(message);
    left[at[apart]] = at;
    // Afterwards, as a kernel would: the view is still busy with asking.
    queueMicrotask(() => {
      next({ ...changes, turn: message.turn });
      moved?.(settingOf(at));
    });
  };
  model.open = (setting) => {
    let changes;
    try {
      at = placesOf(setting);
      changes = picture(false);
    } catch (problem) {
      changes = { ...picture(false), ...refuse(`This setting cannot be opened: ${problem.message}`) };
    }
    next(changes);
  };
  model.setting = () => settingOf(at);
  model.open(settingOf(at));
  return model;
}
