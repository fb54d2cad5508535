// The whole time in small: how many NPUs did which kind of work, and the part that is shown.

class Minimap {
  constructor() {
    this.canvas = byId("minimap");
    this.height = 46;
    this.redraw = framed(() => this.draw());
    new ResizeObserver(() => this.layOut()).observe(this.canvas.parentElement);
    repaints.push(() => this.layOut());
    time.listeners.push(this.redraw);
    this.listen();
  }
  layOut() {
    this.width = this.canvas.parentElement.clientWidth;
    if (!this.width) return;
    this.pen = sized(this.canvas, this.width, this.height);
    this.picture = document.createElement("canvas");
    this.paint(sized(this.picture, this.width, this.height));
    this.draw();
  }
  // Per column, the time of each kind, of all NPUs; like ones are counted, not looked at again.
  sums(columns) {
    const sums = data.timeline.kinds.map(() => null);
    for (const { npus } of groups) {
      for (const lane of lanesOf(npus[0])) {
        for (let at = 0; at < lane.length; at++) {
          const start = lane.starts[at] / time.end * columns, end = lane.end(at) / time.end * columns;
          const kind = lane.kind(at);
          const own = sums[kind] || (sums[kind] = new Float64Array(columns + 1));
          for (let column = Math.floor(start); column < Math.min(end, columns); column++) {
            own[column] += (Math.min(end, column + 1) - Math.max(start, column)) * npus.length;
          }
        }
      }
    }
    return sums;
  }
  paint(pen) {
    const columns = Math.max(Math.floor(this.width), 1), sums = this.sums(columns);
    const total = (column) => sums.reduce((sum, own) => sum + (own ? own[column] : 0), 0);
    let most = 1e-9;
    for (let column = 0; column < columns; column++) most = Math.max(most, total(column));
    for (let column = 0; column < columns; column++) {
      let y = this.height;
      sums.forEach((own, kind) => {
        if (!own || !own[column]) return;
        const tall = own[column] / most * (this.height - 2);
        pen.fillStyle = kindColour(kind);
        pen.fillRect(column, y - tall, 1, tall);
        y -= tall;
      });
    }
  }
  draw() {
    const pen = this.pen;
    if (!pen) return;
    pen.clearRect(0, 0, this.width, this.height);
    pen.drawImage(this.picture, 0, 0, this.width, this.height);
    const left = time.from / time.end * this.width, right = time.to / time.end * this.width;
    pen.fillStyle = ink.back;
    pen.globalAlpha = 0.72;
    pen.fillRect(0, 0, left, this.height);
    pen.fillRect(right, 0, this.width - right, this.height);
    pen.globalAlpha = 1;
    pen.strokeStyle = ink.accent;
    pen.lineWidth = 2;
    pen.strokeRect(Math.min(left, this.width - 3) + 1, 1, Math.max(right - left - 2, 2), this.height - 2);
    pen.lineWidth = 1;
  }
  listen() {
    let grip = null;
    const timeAt = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return (event.clientX - box.left) / box.width * time.end;
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      const at = timeAt(event);
      if (at < time.from || at > time.to || time.span >= time.end) {
        grip = { drawn: at };
      } else grip = { offset: at - time.from };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const at = timeAt(event);
      if (grip.drawn !== undefined) {
        time.show(Math.min(at, grip.drawn), Math.max(Math.abs(at - grip.drawn), time.end / 400));
      } else time.show(at - grip.offset, time.span);
    });
    this.canvas.addEventListener("pointerup", () => { grip = null; });
    this.canvas.addEventListener("dblclick", () => time.whole());
  }
}
