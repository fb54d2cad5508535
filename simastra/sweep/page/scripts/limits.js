// What of the points is shown: limits of columns, from the fields or from what is dragged.

const MOST_BOXES = 12;

class Limits {
  constructor() {
    this.limits = new Map(); // column's name -> [from, to], or a Set of texts
    this.fields = new Map(); // column's name -> what shows its limit
    const names = [...new Set([...axisNames, "status", ...numericNames])];
    byId("limits").replaceChildren(...names.flatMap((name) => this.field(points.column(name))));
    byId("clear-limits").addEventListener("click", () => { this.limits.clear(); this.apply(); });
    this.tell();
  }
  // A field for a column; nothing where it has too many texts to choose from.
  field(column) {
    if (!column) return [];
    if (isNumeric(column)) return [this.numbers(column)];
    const texts = [...new Set(column.values)];
    return texts.length > 1 && texts.length <= MOST_BOXES ? [this.boxes(column, texts)] : [];
  }
  numbers(column) {
    const inputs = ["from", "to"].map((end) => make("input", {
      type: "number", step: "any", "aria-label": `${column.name} ${end}`, placeholder: end,
      on: { change: () => this.set(column.name, inputs.map((it) => (it.value === "" ? null : Number(it.value)))) },
    }));
    this.fields.set(column.name, (limit) => inputs.forEach((it, end) => { it.value = limit ? limit[end] ?? "" : ""; }));
    const unit = ["", "number", "count"].includes(column.unit) ? "" : column.unit === "%" ? " (part)" : ` (${column.unit})`;
    return make("fieldset", {}, make("legend", {}, `${column.name}${unit}`), ...inputs);
  }
  boxes(column, texts) {
    const boxes = texts.map((text) => make("input", {
      type: "checkbox", on: { change: () => this.set(column.name, new Set(texts.filter((_, at) => boxes[at].checked))) },
    }));
    this.fields.set(column.name, (limit) => boxes.forEach((box, at) => { box.checked = !limit || limit.has(texts[at]); }));
    this.fields.get(column.name)(null);
    const labels = texts.map((text, at) => make("label", {}, boxes[at], ` ${text || "none"}`));
    return make("fieldset", {}, make("legend", {}, column.name), ...labels);
  }
  // Limit a column: to [from, to], where null is no end; to a Set of texts; or not at all.
  set(name, limit) {
    const isNone = !limit || (Array.isArray(limit) && limit[0] === null && limit[1] === null);
    if (isNone) this.limits.delete(name); else this.limits.set(name, limit);
    this.apply();
  }
  apply() {
    const tests = [...this.limits].map(([name, limit]) => {
      const { values } = points.column(name);
      if (limit instanceof Set) return (row) => limit.has(values[row]);
      const [from, to] = limit;
      return (row) => values[row] !== null && (from === null || values[row] >= from) && (to === null || values[row] <= to);
    });
    points.limit((row) => tests.every((test) => test(row)));
    this.tell();
  }
  tell() {
    for (const [name, show] of this.fields) show(this.limits.get(name) ?? null);
    byId("clear-limits").disabled = !this.limits.size;
    const count = points.within.reduce((sum, it) => sum + it, 0);
    byId("limits-said").textContent = this.limits.size
      ? `${grouped(count)} of ${counted(points.count, "point")} within the limits` : "No limits: all points are shown.";
  }
}
