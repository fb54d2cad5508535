// The critical path as a chain: one stretch after another, each shown in the timeline on demand.

const causeColour = (cause) => shade(data.colours.causes[data.path.causes[cause]]);

class Path {
  constructor() {
    this.stretches = data.path.stretches.map(([start, lasts, node, nodes, npus, npuCount, sums, longest]) => (
      { start, end: start + lasts, lasts, node, nodes, npus, npuCount, sums, longest }));
    this.at = 0;
    this.canvas = byId("path-strip");
    this.redraw = framed(() => this.draw());
    new ResizeObserver(() => this.layOut()).observe(this.canvas.parentElement);
    repaints.push(() => { this.legend(); this.card(); this.draw(); });
    const go = (id, where) => byId(id).addEventListener("click", () => this.go(where()));
    go("path-first", () => 0);
    go("path-previous", () => this.at - 1);
    go("path-next", () => this.at + 1);
    go("path-longest", () => this.longest());
    byId("path-show").addEventListener("click", () => this.show());
    byId("path-walk").addEventListener("keydown", (event) => {
      const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: this.stretches.length - 1 };
      if (!(event.key in to)) return;
      this.go(to[event.key]);
      event.preventDefault();
    });
    this.canvas.addEventListener("click", (event) => this.go(this.found(this.timeAt(event))));
    this.canvas.addEventListener("pointermove", (event) => {
      const it = this.stretches[this.found(this.timeAt(event))];
      showTip(event, `${it.node}\n${humanTime(it.start)} to ${humanTime(it.end)}: ${humanTime(it.lasts)}`);
    });
    this.canvas.addEventListener("pointerleave", (event) => showTip(event, ""));
    this.legend();
    this.go(this.longest());
  }
  timeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return (event.clientX - box.left) / box.width * this.end;
  }
  get end() { return this.stretches[this.stretches.length - 1].end || 1; }
  longest() {
    return this.stretches.reduce((best, it, at) => (it.lasts > this.stretches[best].lasts ? at : best), 0);
  }
  found(at) {
    const index = this.stretches.findIndex((it) => at < it.end);
    return index < 0 ? this.stretches.length - 1 : index;
  }
  go(at) {
    this.at = Math.min(Math.max(at, 0), this.stretches.length - 1);
    this.card();
    this.redraw();
  }
  show() {
    const { start, end, npus } = this.stretches[this.at];
    time.measure(start, end);
    time.around(start, end);
    const row = timeline.rowOf.get(npus[0]);
    if (row) timeline.view.scrollTop = Math.max(row.number - 2, 0) * timeline.rowHeight;
    scrollTo(byId("timeline"));
    timeline.canvas.focus({ preventScroll: true });
  }
  legend() {
    const sums = data.path.causes.map(() => 0);
    for (const it of this.stretches) {
      for (let k = 0; k < it.sums.length; k += 2) sums[it.sums[k]] += it.sums[k + 1];
    }
    const order = sums.map((sum, cause) => [sum, cause]).sort((a, b) => b[0] - a[0]);
    byId("path-legend").replaceChildren(...order.map(([sum, cause]) => make("li", {},
      make("i", { style: `background:${causeColour(cause)}` }), data.path.causes[cause],
      make("span", { class: "share", title: exactTime(sum) }, ` ${percent(sum / this.end)}`))));
  }
  card() {
    const it = this.stretches[this.at];
    byId("path-previous").disabled = byId("path-first").disabled = this.at === 0;
    byId("path-next").disabled = this.at === this.stretches.length - 1;
    const pieces = [], words = [];
    for (let k = 0; k < it.sums.length; k += 2) {
      const [cause, sum] = [it.sums[k], it.sums[k + 1]];
      pieces.push(make("i", {
        style: `background:${causeColour(cause)};width:${100 * sum / Math.max(it.lasts, 1)}%`,
        title: `${data.path.causes[cause]}: ${humanTime(sum)}`,
      }));
      words.push(make("li", {}, make("i", { style: `background:${causeColour(cause)}` }),
        data.path.causes[cause], make("span", { class: "share", title: exactTime(sum) }, ` ${humanTime(sum)}`)));
    }
    const [start, lasts, cause, detail] = it.longest;
    const more = it.nodes > 1 ? ` and ${grouped(it.nodes - 1)} short ${it.nodes > 2 ? "stretches" : "stretch"} beside it` : "";
    const who = it.npuCount > it.npus.length ? `${it.npuCount} NPUs` : it.npus.length ? npuWords(it.npus) : "between NPUs";
    byId("path-card").replaceChildren(
      make("p", { class: "eyebrow" }, `Stretch ${grouped(this.at + 1)} of ${grouped(this.stretches.length)}`),
      make("p", { class: "title" }, `${it.node}${more}`),
      make("p", { title: `${exactTime(it.start)} to ${exactTime(it.end)}` },
        `${humanTime(it.lasts)}, from ${humanTime(it.start)} to ${humanTime(it.end)}, on ${who}`),
      make("div", { class: "stack", "aria-hidden": "true" }, ...pieces),
      make("ul", { class: "legend" }, ...words),
      make("p", { class: "dim" }, `Longest step: ${data.path.causes[cause]}, ${humanTime(lasts)} at ${humanTime(start)}${detail ? ` (${detail})` : ""}`),
    );
  }
  layOut() {
    this.width = this.canvas.parentElement.clientWidth;
    if (!this.width) return;
    this.pen = sized(this.canvas, this.width, 40);
    this.draw();
  }
  draw() {
    const pen = this.pen;
    if (!pen) return;
    pen.clearRect(0, 0, this.width, 40);
    for (const { start, sums } of this.stretches) {
      let x = start / this.end * this.width;
      for (let k = 0; k < sums.length; k += 2) {
        const wide = sums[k + 1] / this.end * this.width;
        pen.fillStyle = causeColour(sums[k]);
        pen.fillRect(x, 8, wide, 24);
        x += wide;
      }
    }
    const it = this.stretches[this.at];
    const left = it.start / this.end * this.width, wide = Math.max(it.lasts / this.end * this.width, 3);
    pen.strokeStyle = ink.text;
    pen.lineWidth = 2;
    pen.strokeRect(Math.max(Math.min(left, this.width - wide), 1), 4, Math.min(wide, this.width - 2), 32);
  }
}
