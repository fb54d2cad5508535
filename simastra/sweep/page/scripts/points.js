// The points: their columns, which of them are within the limits, and which one is chosen.

class Points {
  constructor() {
    this.columns = data.table.columns.map(decoded);
    this.byName = new Map(this.columns.map((it) => [it.name, it]));
    this.count = data.table.rows;
    this.within = new Uint8Array(this.count).fill(1);
    this.front = new Set(data.front);
    this.chosen = null;
    this.whenChosen = [];
    this.whenLimited = [];
  }
  column(name) { return this.byName.get(name); }
  value(name, row) { return this.byName.has(name) ? this.byName.get(name).values[row] : null; }
  rows(test = () => true) {
    const rows = [];
    for (let row = 0; row < this.count; row++) if (this.within[row] && test(row)) rows.push(row);
    return rows;
  }
  // What a point is called, and what the axes are there.
  words(row) {
    const axes = data.axes.map((name) => `${name} ${shownAs(this.column(name), this.value(name, row))}`);
    return `Point ${this.value("number", row) ?? row}${axes.length ? ": " : ""}${axes.join(", ")}`;
  }
  choose(row) {
    this.chosen = row;
    for (const each of this.whenChosen) each(row);
  }
  limit(test) {
    for (let row = 0; row < this.count; row++) this.within[row] = test(row) ? 1 : 0;
    for (const each of this.whenLimited) each();
  }
}
const points = new Points();

// What can be drawn along an axis, and what was asked for.
const axisNames = [...data.axes, ...Object.keys(data.goals).filter((it) => !data.axes.includes(it))];
const numericNames = points.columns.filter(isNumeric).map((it) => it.name);
