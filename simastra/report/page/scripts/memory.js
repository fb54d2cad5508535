// What NPUs' memory holds, in the time that the timeline shows.

const LINE_SHADES = [
  ["#205180", "#84baf2"], ["#ad6624", "#fc8601"], ["#673ad5", "#92f19c"], ["#2b9c62", "#cfa0d2"],
];

class Memory {
  constructor() {
    this.canvas = byId("memory-canvas");
    this.height = 210;
    this.redraw = framed(() => this.draw());
    new ResizeObserver(() => this.layOut()).observe(this.canvas.parentElement);
    repaints.push(() => { this.legend(); this.draw(); });
    time.listeners.push(this.redraw);
    this.canvas.addEventListener("pointermove", (event) => showTip(event, this.describe(event)));
    this.canvas.addEventListener("pointerleave", (event) => showTip(event, ""));
    this.table();
  }
  get gutter() { return this.width < 560 ? 116 : 196; }
  layOut() {
    this.width = this.canvas.parentElement.clientWidth;
    if (!this.width) return;
    this.pen = sized(this.canvas, this.width, this.height);
    this.draw();
  }
  get most() {
    const peak = Math.max(...data.memory.lines.map((it) => it.peak[1]));
    return Math.max(peak, data.memory.capacity || 0, 1) * 1.08;
  }
  xOf(at) { return this.gutter + (at - time.from) / time.span * (this.width - this.gutter); }
  yOf(size) { return this.height - 8 - size / this.most * (this.height - AXIS - 10); }
  legend() {
    byId("memory-legend").replaceChildren(...data.memory.lines.slice(0, LINE_SHADES.length).map((line, at) =>
      make("li", {}, make("i", { style: `background:${shade(LINE_SHADES[at])}` }), line.npus,
        make("span", { class: "dim" }, ` peak ${humanSize(line.peak[1])}`))));
  }
  draw() {
    const pen = this.pen;
    if (!pen) return;
    pen.clearRect(0, 0, this.width, this.height);
    for (let part = 0; part <= 4; part++) this.level(this.most / 1.08 * part / 4, ink.line, []);
    if (data.memory.capacity) this.level(data.memory.capacity, ink.bad, [6, 4], "capacity ");
    pen.save();
    pen.beginPath();
    pen.rect(this.gutter, 0, this.width - this.gutter, this.height);
    pen.clip();
    data.memory.lines.slice(0, LINE_SHADES.length).forEach((line, at) => this.line(line, at));
    pen.restore();
    pen.fillStyle = ink.dim;
    for (const [at, words] of time.ticks(pen, this.width - this.gutter)) {
      const x = this.xOf(at);
      if (x + pen.measureText(words).width < this.width) pen.fillText(words, x + 4, AXIS / 2);
    }
  }
  level(size, colour, dashes, words = "") {
    const pen = this.pen, y = Math.round(this.yOf(size)) + 0.5;
    pen.strokeStyle = colour;
    pen.setLineDash(dashes);
    pen.beginPath();
    pen.moveTo(this.gutter, y);
    pen.lineTo(this.width, y);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = words ? ink.bad : ink.dim;
    pen.textAlign = "right";
    const short = this.gutter < 120 ? "" : words;
    if (!words || Math.abs(size - this.most / 1.08) > this.most / 40) {
      pen.fillText(short + humanSize(size), this.gutter - 8, y);
    } else pen.fillText(short.trim(), this.gutter - 8, y + 14);
    pen.textAlign = "left";
  }
  line({ times, sizes }, at) {
    const pen = this.pen;
    pen.strokeStyle = pen.fillStyle = shade(LINE_SHADES[at]);
    pen.lineWidth = 1.5;
    pen.beginPath();
    let y = this.yOf(sizes[0]);
    pen.moveTo(this.gutter, y);
    for (let k = 0; k < times.length && times[k] <= time.to; k++) {
      const x = Math.max(this.xOf(times[k]), this.gutter);
      pen.lineTo(x, y);
      y = this.yOf(sizes[k]);
      pen.lineTo(x, y);
    }
    pen.lineTo(this.width, y);
    pen.stroke();
    pen.lineWidth = 1;
  }
  describe(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left;
    if (x < this.gutter) return "";
    const at = time.from + (x - this.gutter) / (this.width - this.gutter) * time.span;
    const lines = data.memory.lines.map(({ npus, times, sizes }) => {
      let low = 0, high = times.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] <= at) low = middle + 1; else high = middle;
      }
      return `${npus}: ${humanSize(sizes[Math.max(low - 1, 0)])}`;
    });
    return `at ${humanTime(at)}\n${lines.join("\n")}`;
  }
  table() {
    const lines = data.memory.lines, parts = Object.keys(lines[0].static);
    const used = parts.filter((part) => lines.some((it) => it.static[part]));
    const comes = (it) => it.peak[1] - parts.reduce((sum, part) => sum + it.static[part], 0);
    const holder = (it) => (it.holders.length ? `${it.holders[0][0]} (${it.holders[0][1]})` : "");
    new DataTable(byId("memory-table"), {
      title: "Memory at its peak", note: "", sort: 1, ascending: false,
      columns: [
        column("NPUs", "", lines.map((it) => it.npus)),
        column("peak", "B", lines.map((it) => it.peak[1])),
        column("reached at", "ns", lines.map((it) => it.peak[0])),
        ...used.map((part) => column(part === "activations" ? "workspace" : part, "B", lines.map((it) => it.static[part]))),
        column("activations", "B", lines.map(comes)),
        column("largest activation", "", lines.map(holder)),
        column("its size", "B", lines.map((it) => (it.holders.length ? it.holders[0][2] : null))),
      ],
    });
    this.legend();
  }
}
