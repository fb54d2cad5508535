// What is known of the chosen point: its inputs, where its time went, its bound, how to run it again.

class PointPanel {
  constructor() {
    this.place = byId("point");
    this.place.tabIndex = -1;
    points.whenChosen.push((row) => this.show(row));
    repaints.push(() => this.show(points.chosen));
  }
  show(row) {
    if (row === null) {
      this.place.replaceChildren(make("p", { class: "note" }, "Choose a point above, or in the table."));
      return;
    }
    const status = points.value("status", row), error = this.known("error", row);
    this.place.replaceChildren(
      make("h3", {}, `Point ${points.value("number", row) ?? row}`, ...(status ? [make("small", { class: "dim" }, ` ${status}`)] : [])),
      ...(error ? [make("pre", { class: "warning", tabindex: "0" }, error)] : []),
      ...this.time(row), ...this.bound(row), ...this.asked(row), ...this.again(row), this.everything(row),
    );
  }
  // A bar of what the time went to, which sums to the makespan.
  time(row) {
    const makespan = this.known("makespan_ns", row);
    if (makespan === null) return [];
    const parts = Object.entries(data.parts).map(([name, [words, pair]]) => [words, shade(pair), this.known(name, row)])
      .filter(([, , time]) => time);
    const title = make("p", { class: "makespan", title: exactTime(makespan) }, humanTime(makespan));
    if (!parts.length) return [title];
    const pieces = parts.map(([words, colour, time]) => make("i", {
      style: `background:${colour};width:${100 * time / Math.max(makespan, 1)}%`, title: `${words}: ${exactTime(time)}`,
    }));
    const items = parts.map(([words, colour, time]) => make("li", {}, make("i", { style: `background:${colour}` }), words,
      make("span", { class: "share", title: exactTime(time) }, ` ${humanTime(time)}, ${percent(time / Math.max(makespan, 1))}`)));
    return [
      title, make("p", { class: "note" }, "What the NPU that finished last spent it on."),
      make("div", { class: "stack large", "aria-hidden": "true" }, ...pieces), make("ul", { class: "legend" }, ...items),
    ];
  }
  bound(row) {
    const bound = this.known("bound_ns", row), makespan = this.known("makespan_ns", row);
    if (bound === null) return [];
    const by = this.known("bound_limit", row), slack = makespan ? `; slack ${percent((makespan - bound) / makespan)}` : "";
    return [make("p", { title: exactTime(bound) }, `It can't be faster than ${humanTime(bound)}${by ? `, bound by ${by}` : ""}${slack}.`)];
  }
  asked(row) {
    const names = [...data.axes, ...Object.keys(data.goals).filter((it) => !data.axes.includes(it))];
    return [this.keys(names.filter((it) => points.byName.has(it)), row)];
  }
  keys(names, row) {
    return make("dl", { class: "keys columns" }, ...names.map((name) => {
      const column = points.column(name);
      return make("div", {}, make("dt", { title: column.meaning || null }, name), make("dd", {}, shownAs(column, column.values[row])));
    }));
  }
  again(row) {
    const digest = points.value("point", row);
    if (!data.replay || !digest) return [];
    const command = `${data.replay} ${digest}`;
    const copy = make("button", { type: "button", "aria-label": "Copy the command", on: { click: () => copyText(command, "the command") } }, "Copy");
    return [make("p", { class: "note" }, "To run it again:"), make("div", { class: "command" }, make("code", {}, command), copy)];
  }
  everything(row) {
    const details = make("details", {}, make("summary", {}, "All its columns"), this.keys(points.columns.map((it) => it.name), row));
    details.open = this.isOpen ?? false;
    details.addEventListener("toggle", () => { this.isOpen = details.open; });
    return details;
  }
  // A value, also one that all points share.
  known(name, row) {
    if (points.byName.has(name)) return points.value(name, row);
    return data.shared[name] ?? null;
  }
}
