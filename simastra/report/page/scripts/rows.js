// A canvas of bounded height that shows a part of something taller: rows below an axis of time.

const AXIS = 26;

class Rows {
  constructor(id, rowHeight) {
    this.view = byId(id);
    this.canvas = this.view.querySelector("canvas");
    this.spacer = this.view.querySelector(".spacer");
    this.rowHeight = rowHeight;
    this.count = 0;
    this.redraw = framed(() => this.draw());
    this.view.addEventListener("scroll", this.redraw);
    new ResizeObserver(() => this.layOut()).observe(this.view);
    repaints.push(() => this.draw());
    time.listeners.push(this.redraw);
    this.listen();
  }
  get gutter() { return this.width < 560 ? 116 : 196; }
  layOut() {
    const total = AXIS + this.count * this.rowHeight + 2;
    this.height = Math.min(total, Math.max(260, Math.min(innerHeight * 0.62, 620)));
    this.width = this.view.clientWidth;
    if (!this.width) return;
    this.view.style.height = `${this.height + 2}px`;
    this.pen = sized(this.canvas, this.width, this.height);
    this.spacer.style.height = `${Math.max(total - this.height, 0)}px`;
    this.draw();
  }
  xOf(at) { return this.gutter + (at - time.from) / time.span * (this.width - this.gutter); }
  timeAt(x) { return time.from + (x - this.gutter) / (this.width - this.gutter) * time.span; }
  yOf(row) { return AXIS + row * this.rowHeight - this.view.scrollTop; }
  rowAt(y) {
    const row = Math.floor((y - AXIS + this.view.scrollTop) / this.rowHeight);
    return y >= AXIS && row >= 0 && row < this.count ? row : -1;
  }
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
  listen() {
    const canvas = this.canvas;
    let drag = null;
    canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        event.preventDefault();
        time.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.timeAt(this.at(event)[0]));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        time.pan((event.deltaX || event.deltaY) / 800);
      }
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      const [x, y] = this.at(event);
      const measures = x >= this.gutter && (event.shiftKey || y < AXIS);
      drag = { x, y, from: time.from, top: this.view.scrollTop, measures, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = this.at(event);
      if (drag && Math.hypot(x - drag.x, y - drag.y) > 3) drag.moved = true;
      if (drag && drag.moved) this.dragged(drag, x, y);
      canvas.style.cursor = y < AXIS && x >= this.gutter ? "col-resize" : this.cursor(x, y);
      showTip(event, drag && drag.moved ? "" : this.describe(x, y));
    });
    canvas.addEventListener("pointerup", (event) => {
      if (drag && !drag.moved) this.choose(...this.at(event));
      drag = null;
    });
    canvas.addEventListener("pointercancel", () => { drag = null; });
    canvas.addEventListener("pointerleave", (event) => showTip(event, ""));
    canvas.addEventListener("dblclick", (event) => {
      const [x] = this.at(event);
      if (x >= this.gutter) time.zoom(0.25, this.timeAt(x));
    });
    canvas.addEventListener("keydown", (event) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? null : this.keys()[event.key];
      if (!act) return;
      act();
      event.preventDefault();
    });
  }
  dragged(drag, x, y) {
    if (drag.measures) {
      time.measure(this.timeAt(Math.max(drag.x, this.gutter)), this.timeAt(Math.max(x, this.gutter)));
      return;
    }
    this.view.scrollTop = drag.top - (y - drag.y);
    time.show(drag.from - (x - drag.x) / (this.width - this.gutter) * time.span, time.span);
  }
  keys() {
    const page = this.height - AXIS - this.rowHeight;
    return {
      "+": () => time.zoom(0.6), "=": () => time.zoom(0.6), w: () => time.zoom(0.6),
      "-": () => time.zoom(1.6),
      a: () => time.pan(-0.2), ArrowLeft: () => time.pan(-0.2),
      d: () => time.pan(0.2), ArrowRight: () => time.pan(0.2),
      Home: () => time.show(0, time.span), End: () => time.show(time.end, time.span),
      0: () => time.whole(), s: () => time.measure(time.from, time.to),
      S: () => time.measure(time.from, time.to),
      Escape: () => time.letGo(),
      PageUp: () => { this.view.scrollTop -= page; },
      PageDown: () => { this.view.scrollTop += page; },
    };
  }
  cursor() { return "default"; }
  choose() {}
  describe() { return ""; }
  draw() {
    const pen = this.pen;
    if (!pen) return;
    pen.clearRect(0, 0, this.width, this.height);
    const first = Math.max(Math.floor(this.view.scrollTop / this.rowHeight), 0);
    const last = Math.min(first + Math.ceil(this.height / this.rowHeight) + 1, this.count);
    const ticks = time.ticks(pen, this.width - this.gutter);
    this.drawGrid(ticks);
    for (let row = first; row < last; row++) this.drawRow(row, this.yOf(row));
    this.drawAbove(first, last);
    this.drawRange();
    pen.fillStyle = ink.back;
    pen.fillRect(0, 0, this.width, AXIS);
    this.drawAxis(ticks);
  }
  drawAbove() {}
  drawRange() {
    if (!time.range) return;
    const left = Math.max(this.xOf(time.range[0]), this.gutter), right = this.xOf(time.range[1]);
    if (right <= left) return;
    this.pen.globalAlpha = 0.14;
    this.pen.fillStyle = ink.accent;
    this.pen.fillRect(left, 0, right - left, this.height);
    this.pen.globalAlpha = 1;
    this.pen.fillRect(left - 0.5, 0, 1, this.height);
    this.pen.fillRect(right - 0.5, 0, 1, this.height);
  }
  drawGrid(ticks) {
    this.pen.fillStyle = ink.line;
    for (const [at] of ticks) this.pen.fillRect(Math.round(this.xOf(at)), AXIS, 1, this.height);
  }
  drawAxis(ticks) {
    const pen = this.pen;
    for (const [at, words] of ticks) {
      const x = Math.round(this.xOf(at));
      pen.fillStyle = ink.line;
      pen.fillRect(x, AXIS - 7, 1, 7);
      pen.fillStyle = ink.dim;
      const room = this.width - pen.measureText(words).width - 4;
      if (x + 4 <= room) pen.fillText(words, x + 4, AXIS / 2);
    }
    pen.fillStyle = ink.line;
    pen.fillRect(0, AXIS - 1, this.width, 1);
    if (time.range) {
      const left = Math.max(this.xOf(time.range[0]), this.gutter), right = this.xOf(time.range[1]);
      pen.fillStyle = ink.accent;
      if (right > left) pen.fillRect(left, AXIS - 3, right - left, 3);
    }
  }
  fitText(words, width) {
    if (this.pen.measureText(words).width <= width) return words;
    let low = 0, high = words.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const fits = this.pen.measureText(`${words.slice(0, middle)}…`).width <= width;
      if (fits) low = middle; else high = middle - 1;
    }
    return low > 1 ? `${words.slice(0, low)}…` : "";
  }
}
