// The statistics of the range that is measured.

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
