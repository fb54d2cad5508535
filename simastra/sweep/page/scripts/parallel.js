// A line for each point across axes that stand side by side; what is dragged along one is a limit.

const MOST_AXES = 14, APART = 116, MOST_PALE = 2000, GRASP = 34, BATCH = 200;
const BOX = { side: 84, top: 40, bottom: 20 };

class Parallel extends Plane {
  constructor(limits) {
    const names = axisNames.slice(0, MOST_AXES);
    super("parallel", 380, (names.length - 1) * APART + 2 * BOX.side);
    this.limits = limits;
    this.axes = names.map((name) => new Scale(points.column(name)));
    this.drag = null;
    this.canvas.addEventListener("pointerdown", (event) => this.grasp(event));
    this.canvas.addEventListener("pointermove", (event) => this.pull(event));
    this.canvas.addEventListener("pointerup", (event) => this.letGo(event));
    this.canvas.addEventListener("pointercancel", () => { this.drag = null; this.redraw(); });
  }
  left(axis) {
    const count = this.axes.length;
    return count > 1 ? BOX.side + axis * (this.width - 2 * BOX.side) / (count - 1) : this.width / 2;
  }
  // For words at an axis.
  get room() { return Math.min(this.left(1) - this.left(0) || Infinity, 2 * BOX.side) - 8; }
  top(place) { return this.height - BOX.bottom - place * (this.height - BOX.top - BOX.bottom); }
  place(y) { return Math.min(Math.max((this.height - BOX.bottom - y) / (this.height - BOX.top - BOX.bottom), 0), 1); }
  paint(pen) {
    const shown = points.rows(), rest = [];
    const step = Math.ceil((points.count - shown.length) / MOST_PALE) || 1;
    for (let row = 0, at = 0; row < points.count; row++) {
      if (!points.within[row] && at++ % step === 0) rest.push(row);
    }
    this.lines(pen, rest, ink.line, 1, 0.7);
    this.lines(pen, shown, ink.accent, 1, Math.min(Math.max(14 / Math.sqrt(shown.length || 1), 0.06), 0.8));
    this.lines(pen, shown.filter((row) => points.front.has(row)), ink.text, 1.2, 0.9);
    if (points.chosen !== null) this.lines(pen, [points.chosen], ink.bad, 3, 1);
    this.axes.forEach((scale, axis) => this.axis(pen, scale, axis));
  }
  lines(pen, rows, colour, width, alpha) {
    Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
    for (let first = 0; first < rows.length; first += BATCH) { // one path of all is slow, and of one colour
      pen.beginPath();
      for (const row of rows.slice(first, first + BATCH)) this.line(pen, row);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }
  line(pen, row) {
    let isDown = false;
    this.axes.forEach((scale, axis) => {
      const place = scale.place(scale.column.values[row]);
      if (place === null) { isDown = false; return; }
      if (isDown) pen.lineTo(this.left(axis), this.top(place)); else pen.moveTo(this.left(axis), this.top(place));
      isDown = true;
    });
  }
  axis(pen, scale, axis) {
    const x = this.left(axis), limit = this.span(scale);
    pen.strokeStyle = ink.dim;
    pen.lineWidth = 1;
    pen.strokeRect(x, this.top(1), 0, this.top(0) - this.top(1));
    if (limit) {
      const [low, high] = limit;
      pen.fillStyle = ink.accent;
      pen.globalAlpha = 0.35;
      pen.fillRect(x - 8, this.top(high) - 2, 16, this.top(low) - this.top(high) + 4);
      pen.globalAlpha = 1;
    }
    pen.textAlign = "center";
    pen.fillStyle = ink.text;
    const name = scale.column.name, goal = data.goals[name];
    pen.fillText(this.fitted(name, this.room), x, 12);
    if (goal) { pen.fillStyle = ink.dim; pen.fillText(goal === "max" ? "most is best" : "least is best", x, 27); }
    for (const [place, words] of scale.ticks(8)) this.label(pen, words, x, this.top(place));
    pen.textAlign = "left";
  }
  label(pen, words, x, y) {
    words = this.fitted(words, this.room);
    const wide = pen.measureText(words).width + 6;
    pen.fillStyle = ink.back;
    pen.globalAlpha = 0.8;
    pen.fillRect(x - wide / 2, y - 8, wide, 16);
    pen.globalAlpha = 1;
    pen.fillStyle = ink.text;
    pen.fillText(words, x, y);
  }
  // The places between which an axis is limited; null where it isn't.
  span(scale) {
    if (this.drag && this.axes[this.drag.axis] === scale) return [this.drag.from, this.drag.to].sort((a, b) => a - b);
    const limit = this.limits.limits.get(scale.column.name);
    if (!limit) return null;
    if (limit instanceof Set) {
      const places = [...limit].map((it) => scale.place(it)).filter((it) => it !== undefined);
      return places.length ? [Math.min(...places), Math.max(...places)] : [0, 0];
    }
    return [limit[0] === null ? 0 : scale.place(limit[0]), limit[1] === null ? 1 : scale.place(limit[1])]
      .map((it) => Math.min(Math.max(it, 0), 1));
  }
  grasp(event) {
    const [x, y] = this.at(event);
    const axis = this.axes.findIndex((_, it) => Math.abs(this.left(it) - x) < GRASP);
    if (axis < 0) return;
    this.drag = { axis, from: this.place(y), to: this.place(y), y };
    this.canvas.setPointerCapture(event.pointerId);
  }
  pull(event) {
    if (!this.drag) return;
    this.drag.to = this.place(this.at(event)[1]);
    this.redraw();
  }
  letGo(event) {
    if (!this.drag) return;
    const { axis, from, y } = this.drag, scale = this.axes[axis];
    const isClick = Math.abs(this.at(event)[1] - y) < 4;
    this.drag = null;
    this.limits.set(scale.column.name, isClick ? null : this.limitOf(scale, [from, this.place(this.at(event)[1])].sort((a, b) => a - b)));
    say(byId("limits-said").textContent);
  }
  limitOf(scale, [low, high]) {
    if (isNumeric(scale.column)) {
      const inside = scale.values.filter((it) => scale.place(it) >= low && scale.place(it) <= high);
      return inside.length ? [inside[0], inside[inside.length - 1]] : [scale.value(low), scale.value(high)];
    }
    return new Set(scale.values.filter((it) => scale.place(it) >= low && scale.place(it) <= high));
  }
}
