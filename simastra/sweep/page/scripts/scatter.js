// Two columns against each other, the front of what is shown, and the chosen point.

const PLANE = { left: 92, right: 40, top: 14, bottom: 46 };
const NEAR = 14, MOST_COLOURS = 12;

class Scatter extends Plane {
  constructor() {
    super("scatter", 440);
    const objectives = Object.keys(data.goals).filter((it) => numericNames.includes(it));
    const others = [...data.axes, ...numericNames].filter((it) => numericNames.includes(it) && it !== "number");
    const names = [...new Set([...objectives, ...others, ...numericNames])];
    this.ends = { x: this.end("x", names, names[0]), y: this.end("y", names, names[1] ?? names[0]) };
    this.colours();
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("click", (event) => {
      const row = this.nearest(...this.at(event));
      if (row !== null) points.choose(row);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const row = this.nearest(...this.at(event));
      showTip(event, row === null ? "" : this.tip(row));
    });
    this.canvas.addEventListener("pointerleave", (event) => showTip(event, ""));
    this.limited();
  }
  // One end of the plane: its column, which value is best, and whether it is drawn by orders.
  end(which, names, first) {
    const [select, goal, log] = ["column", "goal", "log"].map((it) => byId(`${which}-${it}`));
    select.replaceChildren(...names.map((it) => make("option", {}, it)));
    goal.replaceChildren(make("option", { value: "min" }, "least"), make("option", { value: "max" }, "most"));
    const end = { select, goal, log };
    const take = (isLog = null) => {
      end.scale = new Scale(points.column(select.value), isLog);
      log.checked = end.scale.isLog;
      log.disabled = !end.scale.canBeLog;
    };
    select.value = first;
    const fresh = () => { take(); goal.value = data.goals[select.value] ?? "min"; };
    if (names.length) fresh();
    select.addEventListener("change", () => { fresh(); this.limited(); });
    goal.addEventListener("change", () => this.limited());
    log.addEventListener("change", () => { take(log.checked); this.limited(); });
    return end;
  }
  colours() {
    const select = byId("colour-column");
    const few = points.columns.filter((it) => {
      const count = new Set(it.values).size;
      return count > 1 && count <= MOST_COLOURS;
    });
    select.replaceChildren(...["none", ...few.map((it) => it.name)].map((it) => make("option", {}, it)));
    select.addEventListener("change", () => this.limited());
    this.colourSelect = select;
  }
  get isEmpty() { return !this.ends.x.scale; }
  x(row) { return this.ends.x.scale.column.values[row]; }
  y(row) { return this.ends.y.scale.column.values[row]; }
  left(row) { return PLANE.left + this.ends.x.scale.place(this.x(row)) * (this.width - PLANE.left - PLANE.right); }
  top(row) { return this.height - PLANE.bottom - this.ends.y.scale.place(this.y(row)) * (this.height - PLANE.top - PLANE.bottom); }
  limited() {
    if (this.isEmpty) return;
    this.rows = points.rows((row) => this.x(row) !== null && this.y(row) !== null);
    this.fronts = this.parts(this.rows).map((it) => this.frontOf(it));
    this.front = this.fronts.flat();
    this.legend();
    this.say();
    this.redraw();
  }
  // Rows that are compared with each other: alike in what the study asks for each of.
  parts(rows) {
    const parts = new Map();
    for (const row of rows) {
      const key = JSON.stringify(data.forEach.map((name) => points.value(name, row)));
      if (!parts.has(key)) parts.set(key, []);
      parts.get(key).push(row);
    }
    return [...parts.values()];
  }
  // Those that none is better than in both columns; ties are all on it.
  frontOf(rows) {
    const [sx, sy] = ["x", "y"].map((it) => (this.ends[it].goal.value === "max" ? -1 : 1));
    const cost = (row) => [sx * this.x(row), sy * this.y(row)];
    const ordered = rows.map((row) => [...cost(row), row]).sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const front = [];
    let best = Infinity, at = null;
    for (const [x, y, row] of ordered) {
      if (y < best) { best = y; at = x; front.push(row); } else if (y === best && x === at) front.push(row);
    }
    return front;
  }
  say() {
    const named = (end) => `${end.select.value} (${end.goal.options[end.goal.selectedIndex]?.text})`;
    const all = this.rows.length === points.count ? "" : ` of ${grouped(points.count)}`;
    const study = points.front.size && Object.keys(data.goals).length > 2 ? " Outlined: on the front of all objectives." : "";
    const each = data.forEach.join(" and ");
    const lines = each ? `The lines are the fronts for each ${each} within the limits:` : "The line is their front:";
    const alike = each ? ` of the same ${each}` : "";
    byId("scatter-said").textContent = `${grouped(this.rows.length)}${all} points are drawn: those within the limits that have both numbers. `
      + `${lines} ${counted(this.front.length, "point")} that none${alike} is better than in ${named(this.ends.x)} and ${named(this.ends.y)}.${study}`;
  }
  legend() {
    const column = points.column(this.colourSelect.value);
    this.colourOf = () => ink.accent;
    const items = [];
    if (column) {
      const texts = [...new Set(column.values)].sort((a, b) => (isNumeric(column) ? a - b : 0));
      const colours = new Map(texts.map((it, at) => [it, shade(data.series[at])]));
      this.colourOf = (row) => colours.get(column.values[row]);
      items.push(...texts.map((it) => make("li", {}, make("i", { style: `background:${colours.get(it)}` }), shownAs(column, it) || "none")));
    }
    byId("scatter-legend").replaceChildren(...items);
    byId("scatter-legend").hidden = !items.length;
  }
  paint(pen) {
    if (this.isEmpty) return;
    this.legend();
    this.frame(pen);
    const small = this.rows.length > 2000 ? 2.5 : 4;
    pen.globalAlpha = this.rows.length > 500 ? 0.55 : 0.85;
    for (const row of this.rows) this.dot(pen, row, small, this.colourOf(row));
    pen.globalAlpha = 1;
    this.steps(pen);
    for (const row of this.front) this.dot(pen, row, 4.5, this.colourOf(row), ink.text);
    if (Object.keys(data.goals).length > 2) {
      for (const row of this.rows) if (points.front.has(row)) this.dot(pen, row, 4.5, this.colourOf(row), ink.text);
    }
    if (points.chosen !== null && this.x(points.chosen) !== null && this.y(points.chosen) !== null) {
      this.dot(pen, points.chosen, 7.5, this.colourOf(points.chosen), ink.text, 3);
    }
  }
  dot(pen, row, radius, fill, edge = null, width = 1.2) {
    pen.beginPath();
    pen.arc(this.left(row), this.top(row), radius, 0, 2 * Math.PI);
    pen.fillStyle = fill;
    pen.fill();
    if (!edge) return;
    pen.strokeStyle = edge;
    pen.lineWidth = width;
    pen.stroke();
  }
  steps(pen) {
    pen.strokeStyle = ink.text;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const front of this.fronts) front.forEach((row, at) => {
      const [x, y] = [this.left(row), this.top(row)];
      if (at) { pen.lineTo(x, this.top(front[at - 1])); pen.lineTo(x, y); } else pen.moveTo(x, y);
    });
    pen.stroke();
  }
  frame(pen) {
    const { left, right, top, bottom } = PLANE, low = this.height - bottom, wide = this.width - left - right;
    pen.fillStyle = ink.dim;
    pen.strokeStyle = ink.line;
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const [place, words] of this.ends.x.scale.ticks(Math.max(2, Math.floor(wide / 110)))) {
      const x = left + place * wide;
      pen.strokeRect(x, top, 0, low - top);
      pen.fillText(words, x, low + 14);
    }
    pen.fillText(this.ends.x.select.value, left + wide / 2, low + 33, wide);
    pen.textAlign = "right";
    for (const [place, words] of this.ends.y.scale.ticks(7)) {
      const y = low - place * (low - top);
      pen.strokeRect(left, y, wide, 0);
      pen.fillText(words, left - 8, y, left - 26);
    }
    pen.save();
    pen.translate(10, (low + top) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(this.ends.y.select.value, 0, 0, low - top);
    pen.restore();
    pen.textAlign = "left";
  }
  nearest(x, y) {
    let found = null, least = NEAR * NEAR;
    for (const row of this.isEmpty ? [] : this.rows) {
      const far = (this.left(row) - x) ** 2 + (this.top(row) - y) ** 2;
      if (far < least) [found, least] = [row, far];
    }
    return found;
  }
  tip(row) {
    const both = ["x", "y"].map((it) => `${this.ends[it].select.value}: ${shownAs(this.ends[it].scale.column, this[it](row))}`);
    return [points.words(row), ...both, ...(this.front.includes(row) ? ["on the front"] : [])].join("\n");
  }
  // The next point along a column, or along the front; the first one, where none is chosen.
  next(rows, by) {
    if (!rows.length) return;
    const last = rows.length - 1, known = rows.indexOf(points.chosen);
    const at = known < 0 && Number.isFinite(by) ? (by > 0 ? 0 : last) : known + by;
    points.choose(rows[Math.min(Math.max(at, 0), last)]);
    say(this.tip(points.chosen).replace(/\n/g, ", "));
  }
  along(which) { return [...this.rows].sort((a, b) => this[which](a) - this[which](b) || a - b); }
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.isEmpty) return;
    const acts = {
      ArrowRight: () => this.next(this.along("x"), 1), ArrowLeft: () => this.next(this.along("x"), -1),
      ArrowUp: () => this.next(this.along("y"), 1), ArrowDown: () => this.next(this.along("y"), -1),
      Home: () => this.next(this.along("x"), -Infinity), End: () => this.next(this.along("x"), Infinity),
      f: () => this.next(this.front, 1), b: () => this.next(this.front, -1),
      Enter: () => { if (points.chosen !== null) { scrollTo(byId("chosen")); byId("point").focus(); } },
      Escape: () => { points.choose(null); say("No point is chosen."); },
    };
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (!act) return;
    act();
    event.preventDefault();
  }
}
