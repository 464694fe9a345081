// The timelines and leverage.
formulas.EvidenceTimeline = (state, given, kinds) => {
  const [low, high] = given.windows[state.period];
  const kept = (tried) => {
    const [first, last] = given.windows[tried.period];
    return given.events.filter((one) =>
      tried.actors.includes(one.facts.actor) &&
      Object.entries(given.filters).every(
        ([field, column]) => tried[field] === "all" || one.facts[column] === tried[field]) &&
      (tried.person === "all" || one.people.includes(tried.person)) &&
      one.latest >= first && one.earliest <= last);
  };
  const events = kept(state);
  if (!events.length) {
    throw new Error("No event passes all these filters at once; set one of them back to 'all', " +
      "or tick another actor.");
  }
  const gap = given.mark * (high - low);
  const [shown, lanes] = [[], []];
  let top = 0;
  for (const name of given.lanes[state.lanes]) {
    const members = events.filter((one) => one.facts[state.lanes] === name);
    if (!members.length) continue;
    const ends = [];
    for (const one of members) {
      const start = Math.max(one.earliest, low);
      const end = Math.min(one.latest, high);
      const middle = (start + end) / 2;
      const left = Math.min(start, middle - gap / 2);
      const free = ends.findIndex((taken) => taken <= left);
      const slot = free < 0 ? ends.length : free;
      ends[slot] = Math.max(end, middle + gap / 2);
      shown.push({ ...one.row, start, end, middle, y: top + slot + 0.75 });
    }
    const bottom = top + ends.length + 0.5;
    const shaded = lanes.length % 2 === 0;
    lanes.push({ lane: name, top, bottom, middle: (top + bottom) / 2, shaded });
    top = bottom;
  }
  const parts = given.strategies
    .map((name) => [events.filter((one) => one.facts.strategy === name).length, name])
    .filter(([count]) => count).map(([count, name]) => `${count} ${name}`);
  const seen = events.filter((one) => one.facts.verified === "yes").length;
  const unsure = events.filter((one) => one.row.interval).length;
  const sentence = `${events.length} of ${given.events.length} events: ${parts.join(", ")}. ` +
    `${seen} are stated, with their date, by a page outside the paper; ${unsure} are dated only ` +
    "to the month or less (bars). The table lists them with their sources.";
  return {
    rows: {
      events: shown,
      lanes,
      rules: given.rules.filter(({ day }) => low <= day && day <= high),
      window: [{ day: low }, { day: high }],
    },
    sentence,
    table: { columns: given.columns, right: [], rows: events.map((one) => one.cells) },
    greyed: refused(state, kinds, (tried) => (kept(tried).length ? "" : "no event would be left")),
    notes: {},
  };
};

formulas.LeveragePanel = (state, given) => {
  const line = given.corners.map(({ day, stretch, after }) => (
    { day, level: Math.max(0, state[stretch] - (after ? state.congress : 0)) }));
  const level = (day) => line.filter((corner) => corner.day <= day).at(-1).level;
  const exits = given.exits
    .filter(({ kind }) => kind !== "offer of relocation" || state.offer)
    .map((exit) => {
      const now = level(exit.day);
      const fits = (now >= state.needed) === (exit.kind !== "freed at end of term");
      return { ...exit, level: now, reading: fits ? "fits your line" : "does not fit" };
    });
  const fits = exits.filter(({ reading }) => reading === "fits your line");
  const rest = exits.filter((exit) => !fits.includes(exit));
  const since = line.filter(({ day }) => given.launch < day && day < given.freed);
  const highest = Math.max(level(given.launch), ...since.map((corner) => corner.level));
  const sentence = `Your assumption, not a measurement. With ${state.needed} needed for a ` +
    `bargain, the line accounts for ${fits.length} of ${exits.length}` +
    (fits.length ? `: ${fits.map(({ name }) => name).join(", ")}.` : ".") +
    (rest.length
      ? ` It does not account for ${rest.map((e) => `${e.name} (at ${e.level})`).join(", ")}.`
      : "") +
    " Of Bui Thi Minh Hang's term only the last day is tested" +
    (highest < state.needed
      ? "; the line stays too low for a bargain from the launch to that day."
      : `: between the launch and that day the line stands as high as ${highest}, enough for a ` +
        "bargain, and she stayed in prison.");
  const cells = exits.map((e) => [e.when, e.name, e.kind, String(e.level), e.reading, e.says, e.url]);
  return {
    rows: { leverage: line, needed: [{ level: state.needed }], exits, moments: given.moments },
    sentence,
    table: { columns: given.columns, right: [given.columns[3]], rows: cells },
    greyed: {},
    notes: {},
  };
};
