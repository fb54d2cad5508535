// What kinds of work took: the statistics of the range that is measured.

// How long each kind of work took in a range, by groups of NPUs that did the same.
function kindRows(from, to) {
  const rows = [];
  for (const group of groups) {
    const sums = new Map();
    const npus = group.alike ? group.npus.slice(0, 1) : group.npus;
    for (const npu of npus) for (const lane of lanesOf(npu)) lane.totals(from, to, sums);
    for (const [kind, { time: sum, count }] of sums) {
      const part = npus.length;
      rows.push({ group, kind, time: Math.round(sum / part), count: Math.round(count / part) });
    }
  }
  return rows;
}
function kindTable(rows, title, span) {
  return {
    title, note: "Of one NPU of each row, on average; kinds that overlap both count.", sort: 3, ascending: false,
    columns: [
      column("NPUs", "", rows.map((it) => npuWords(it.group.npus))),
      column("kind of work", "", rows.map((it) => data.timeline.kinds[it.kind])),
      column("nodes", "count", rows.map((it) => it.count)),
      column("under way", "ns", rows.map((it) => it.time)),
      column("part of the range", "%", rows.map((it) => (span ? +(it.time / span).toFixed(6) : 0))),
    ],
  };
}

class Selection {
  constructor() {
    this.place = byId("selection");
    this.range = null;
    time.listeners.push(framed(() => this.update()));
  }
  update() {
    const now = time.range ? time.range.join() : null;
    if (now === this.range) return;
    this.range = now;
    if (!time.range) { this.place.replaceChildren(); return; }
    const [from, to] = time.range, span = to - from;
    const sums = new Map();
    const rows = kindRows(from, to);
    for (const { group, kind, time: part } of rows) {
      sums.set(kind, (sums.get(kind) || 0) + part * group.npus.length);
    }
    const npus = groups.reduce((sum, group) => sum + group.npus.length, 0);
    const items = [...sums].sort((a, b) => b[1] - a[1]).map(([kind, sum]) => make("li", {},
      make("i", { style: `background:${kindColour(kind)}` }), data.timeline.kinds[kind],
      make("span", { class: "share" }, ` ${percent(sum / npus / span)}`)));
    const table = make("div", { class: "table-place" });
    this.place.replaceChildren(
      make("div", { class: "table-bar" },
        make("h3", { title: `${exactTime(from)} to ${exactTime(to)}` },
          `Measured: ${humanTime(span)}, from ${humanTime(from)} to ${humanTime(to)}`),
        make("div", { class: "controls" },
          make("button", { type: "button", on: { click: () => time.around(from, to) } }, "Zoom to it"),
          make("button", { type: "button", on: { click: () => time.letGo() } }, "Let go"))),
      make("ul", { class: "legend" }, ...items),
      table,
    );
    new DataTable(table, kindTable(rows, "Kinds of work in the range", span));
  }
}
