// The page's two canvases: a timeline with zoom and hover, and a heat map of the links.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const inNs = (time) => `${grouped(Math.round(time))} ns`;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const GUTTER = 170, AXIS = 24, FONT = "12px system-ui, sans-serif";

  function showTip(event, text) {
    tip.style.display = text ? "block" : "none";
    if (!text) return;
    tip.textContent = text;
    const x = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 6);
    const y = event.clientY + 16 + tip.offsetHeight < innerHeight
      ? event.clientY + 16 : event.clientY - tip.offsetHeight - 8;
    tip.style.left = `${Math.max(x, 4)}px`;
    tip.style.top = `${Math.max(y, 4)}px`;
  }

  // A canvas of fixed height that shows a part of something taller: rows below an axis of time.
  class Rows {
    constructor(id, rowHeight, end) {
      this.view = document.getElementById(id);
      this.canvas = this.view.querySelector("canvas");
      this.spacer = this.view.querySelector(".spacer");
      this.rowHeight = rowHeight;
      this.end = Math.max(end, 1);
      this.from = 0;
      this.to = this.end;
      this.count = 0;
      this.pending = false;
      this.view.addEventListener("scroll", () => this.redraw());
      addEventListener("resize", () => this.layOut());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
      this.listen();
    }
    layOut() {
      const total = AXIS + this.count * this.rowHeight + 2;
      this.height = Math.min(total, 560);
      this.view.style.height = `${this.height + 2}px`;
      this.width = this.view.clientWidth;
      const ratio = devicePixelRatio || 1;
      this.canvas.width = Math.round(this.width * ratio);
      this.canvas.height = Math.round(this.height * ratio);
      this.canvas.style.width = `${this.width}px`;
      this.canvas.style.height = `${this.height}px`;
      this.spacer.style.height = `${total - this.height}px`;
      this.pen = this.canvas.getContext("2d");
      this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.draw();
    }
    redraw() {
      if (this.pending) return;
      this.pending = true;
      requestAnimationFrame(() => { this.pending = false; this.draw(); });
    }
    xOf(time) {
      return GUTTER + (time - this.from) / (this.to - this.from) * (this.width - GUTTER);
    }
    timeAt(x) {
      return this.from + (x - GUTTER) / (this.width - GUTTER) * (this.to - this.from);
    }
    yOf(row) { return AXIS + row * this.rowHeight - this.view.scrollTop; }
    rowAt(y) {
      const row = Math.floor((y - AXIS + this.view.scrollTop) / this.rowHeight);
      return y >= AXIS && row >= 0 && row < this.count ? row : -1;
    }
    zoom(factor, around = (this.from + this.to) / 2) {
      const span = Math.min(Math.max((this.to - this.from) * factor, 4), this.end);
      const part = (around - this.from) / (this.to - this.from);
      this.show(around - part * span, span);
    }
    show(from, span) {
      this.from = Math.min(Math.max(from, 0), Math.max(this.end - span, 0));
      this.to = this.from + span;
      this.redraw();
    }
    pan(part) { this.show(this.from + part * (this.to - this.from), this.to - this.from); }
    whole() { this.show(0, this.end); }
    listen() {
      const at = (event) => {
        const box = this.canvas.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      let drag = null;
      this.canvas.addEventListener("wheel", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) {
          event.preventDefault();
          this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.timeAt(at(event)[0]));
        } else if (event.shiftKey || event.deltaX) {
          event.preventDefault();
          this.pan((event.deltaX || event.deltaY) / 800);
        }
      }, { passive: false });
      this.canvas.addEventListener("pointerdown", (event) => {
        drag = { x: event.clientX, from: this.from, moved: false };
        this.canvas.setPointerCapture(event.pointerId);
      });
      this.canvas.addEventListener("pointermove", (event) => {
        if (drag && Math.abs(event.clientX - drag.x) > 3) drag.moved = true;
        if (drag && drag.moved) {
          const span = this.to - this.from;
          this.show(drag.from - (event.clientX - drag.x) / (this.width - GUTTER) * span, span);
        }
        showTip(event, drag && drag.moved ? "" : this.describe(...at(event)));
      });
      this.canvas.addEventListener("pointerup", (event) => {
        if (drag && !drag.moved) this.choose(...at(event));
        drag = null;
      });
      this.canvas.addEventListener("pointerleave", (event) => showTip(event, ""));
      this.canvas.addEventListener("dblclick", (event) => {
        this.zoom(0.25, this.timeAt(at(event)[0]));
      });
      this.canvas.addEventListener("keydown", (event) => {
        const acts = {
          "+": () => this.zoom(0.6), "=": () => this.zoom(0.6), w: () => this.zoom(0.6),
          "-": () => this.zoom(1.6), s: () => this.zoom(1.6), 0: () => this.whole(),
          a: () => this.pan(-0.2), ArrowLeft: () => this.pan(-0.2),
          d: () => this.pan(0.2), ArrowRight: () => this.pan(0.2),
        };
        if (event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
        acts[event.key]();
        event.preventDefault();
      });
    }
    choose() {}
    draw() {
      const pen = this.pen;
      pen.clearRect(0, 0, this.width, this.height);
      pen.font = FONT;
      pen.textBaseline = "middle";
      const first = Math.max(Math.floor(this.view.scrollTop / this.rowHeight), 0);
      const last = Math.min(first + Math.ceil(this.height / this.rowHeight) + 1, this.count);
      for (let row = first; row < last; row++) this.drawRow(row, this.yOf(row));
      pen.fillStyle = css("--back");
      pen.fillRect(0, 0, this.width, AXIS);
      this.drawAxis();
    }
    drawAxis() {
      const pen = this.pen, span = this.to - this.from;
      const rough = span / Math.max((this.width - GUTTER) / 120, 1);
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = Math.max([1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough), 1);
      pen.strokeStyle = css("--line");
      pen.fillStyle = css("--dim");
      for (let time = Math.ceil(this.from / step) * step; time <= this.to; time += step) {
        const x = this.xOf(time);
        pen.beginPath();
        pen.moveTo(x, AXIS - 5);
        pen.lineTo(x, this.height);
        pen.globalAlpha = 0.5;
        pen.stroke();
        pen.globalAlpha = 1;
        pen.fillText(inNs(time), x + 3, AXIS / 2);
      }
    }
    label(text, y) {
      this.pen.fillStyle = css("--dim");
      this.pen.fillText(text, 4, y + this.rowHeight / 2, GUTTER - 8);
    }
  }

  class Timeline extends Rows {
    constructor() {
      super("timeline-view", 18, data.timeline.end);
      this.chosen = null;
      this.wanted = "";
      this.withChunks = false;
      this.choose_rows();
    }
    choose_rows() {
      this.rows = data.timeline.rows.filter((row) => this.withChunks || !row.chunks);
      this.count = this.rows.length;
      this.layOut();
    }
    bar(row, index) {
      const bars = row.bars, at = index * 5;
      const open = bars[at + 1] < 0;
      const end = open ? data.timeline.end : bars[at] + bars[at + 1];
      return {
        row, index, open, start: bars[at], end, name: data.timeline.names[bars[at + 2]],
        kind: data.timeline.kinds[bars[at + 3]], colour: data.timeline.colours[bars[at + 3]],
        id: bars[at + 4],
      };
    }
    // The last bar that starts at `time` or before it, -1 if there is none.
    before(row, time) {
      let low = 0, high = row.bars.length / 5;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (row.bars[middle * 5] <= time) low = middle + 1; else high = middle;
      }
      return low - 1;
    }
    drawRow(number, y) {
      const row = this.rows[number], pen = this.pen;
      let painted = GUTTER - 1;
      for (let index = Math.max(this.before(row, this.from), 0);
        index < row.bars.length / 5; index++) {
        const start = row.bars[index * 5];
        if (start > this.to) break;
        const bar = this.bar(row, index);
        const left = Math.max(this.xOf(start), GUTTER), right = this.xOf(bar.end);
        if (right < GUTTER || right <= painted) continue; // it would lie under the one before
        this.drawBar(bar, left, y + 1, Math.max(right - left, 1), this.rowHeight - 2);
        painted = Math.max(right, left + 1);
      }
      pen.fillStyle = css("--back");
      pen.fillRect(0, y, GUTTER, this.rowHeight);
      this.label(`NPU ${row.npu}  ${row.label}`, y);
      const finish = data.timeline.finishes[row.npu];
      if (finish !== undefined && finish >= this.from && finish <= this.to) {
        pen.fillStyle = css("--text");
        pen.fillRect(this.xOf(finish) - 1, y, 1, this.rowHeight);
      }
    }
    drawBar(bar, x, y, width, height) {
      const pen = this.pen, wanted = this.wanted;
      const dimmed = wanted && !bar.name.toLowerCase().includes(wanted);
      pen.globalAlpha = dimmed ? 0.15 : [1, 0.82, 0.66][bar.index % 3];
      pen.fillStyle = bar.colour;
      pen.fillRect(x, y, width, height);
      pen.globalAlpha = 1;
      if (bar.open) {
        pen.strokeStyle = "#d62728";
        pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
      }
      if (this.chosen && this.chosen.row === bar.row && this.chosen.index === bar.index) {
        pen.strokeStyle = css("--text");
        pen.lineWidth = 2;
        pen.strokeRect(x, y, width, height);
        pen.lineWidth = 1;
      }
      if (width > 34 && !dimmed) {
        pen.save();
        pen.beginPath();
        pen.rect(x, y, width - 3, height);
        pen.clip();
        pen.fillStyle = "#10151d";
        pen.fillText(bar.name.slice(0, 200), x + 3, y + height / 2 + 1);
        pen.restore();
      }
    }
    barAt(x, y) {
      const number = this.rowAt(y);
      if (number < 0 || x < GUTTER) return null;
      const row = this.rows[number], time = this.timeAt(x);
      const slack = (this.to - this.from) / Math.max(this.width - GUTTER, 1); // one pixel
      const index = this.before(row, time + slack);
      if (index < 0) return null;
      const bar = this.bar(row, index);
      return bar.end + slack >= time ? bar : null;
    }
    words(bar) {
      const id = bar.row.chunks ? `stream ${bar.id}` : `node ${bar.id}`;
      const times = bar.open ? `${inNs(bar.start)}, never finished`
        : `${inNs(bar.start)} to ${inNs(bar.end)}: ${inNs(bar.end - bar.start)}`;
      return `${bar.name}\nNPU ${bar.row.npu}, ${id}, ${bar.kind}\n${times}`;
    }
    describe(x, y) {
      const bar = this.barAt(x, y);
      return bar ? this.words(bar) : "";
    }
    choose(x, y) {
      this.chosen = this.barAt(x, y);
      document.getElementById("detail").textContent = this.chosen
        ? this.words(this.chosen).split("\n").join(" · ") : "Click on a bar to keep it here.";
      this.redraw();
    }
    // Where the bar of that name is on the screen, for scripts; it is scrolled to.
    place(npu, name) {
      for (let number = 0; number < this.count; number++) {
        const row = this.rows[number];
        if (row.npu !== npu) continue;
        for (let index = 0; index < row.bars.length / 5; index++) {
          const bar = this.bar(row, index);
          if (bar.name !== name) continue;
          this.view.scrollTop = Math.max(number * this.rowHeight - this.height / 2, 0);
          this.draw();
          const box = this.canvas.getBoundingClientRect();
          const middle = (Math.max(bar.start, this.from) + Math.min(bar.end, this.to)) / 2;
          return {
            x: box.left + this.xOf(middle), y: box.top + this.yOf(number) + this.rowHeight / 2,
          };
        }
      }
      return null;
    }
  }

  const SCALE = [[255, 237, 190], [254, 204, 92], [253, 141, 60], [240, 59, 32], [150, 0, 38]];
  function heatColour(part) {
    const place = Math.min(Math.max(part, 0), 1) * (SCALE.length - 1);
    const low = Math.min(Math.floor(place), SCALE.length - 2);
    const mixed = SCALE[low].map((it, k) => Math.round(it + (SCALE[low + 1][k] - it) * (place - low)));
    return `rgb(${mixed.join(",")})`;
  }

  class HeatMap extends Rows {
    constructor() {
      super("heat-view", 14, data.heat.width * data.heat.bins);
      this.what = "busy";
      this.largestQueue = Math.max(1, ...data.heat.links.map((it) => Math.max(0, ...it.queue)));
      this.count = data.heat.links.length;
      this.layOut();
    }
    drawRow(number, y) {
      const link = data.heat.links[number], values = link[this.what], width = data.heat.width;
      const scale = this.what === "busy" ? 1000 : this.largestQueue;
      const first = Math.max(Math.floor(this.from / width), 0);
      const last = Math.min(Math.ceil(this.to / width), values.length);
      for (let bin = first; bin < last; bin++) {
        if (!values[bin]) continue;
        const left = Math.max(this.xOf(bin * width), GUTTER);
        this.pen.fillStyle = heatColour(values[bin] / scale);
        this.pen.fillRect(left, y, this.xOf((bin + 1) * width) - left + 0.5, this.rowHeight - 1);
      }
      this.pen.fillStyle = css("--back");
      this.pen.fillRect(0, y, GUTTER, this.rowHeight);
      this.label(`${link.from} → ${link.to}`, y);
    }
    describe(x, y) {
      const number = this.rowAt(y);
      const bin = Math.floor(this.timeAt(x) / data.heat.width);
      if (number < 0 || x < GUTTER || bin < 0 || bin >= data.heat.bins) return "";
      const link = data.heat.links[number], start = bin * data.heat.width;
      const queue = link.queue.length ? (link.queue[bin] / 1000).toFixed(2) : "0";
      return `${link.from} → ${link.to}\n${inNs(start)} to ${inNs(start + data.heat.width)}\n` +
        `busy ${(link.busy[bin] / 10).toFixed(1)} %, ${queue} messages waiting on average`;
    }
    // Where a link's bin is on the screen, for scripts.
    place(number, bin) {
      const box = this.canvas.getBoundingClientRect();
      return {
        x: box.left + this.xOf((bin + 0.5) * data.heat.width),
        y: box.top + this.yOf(number) + this.rowHeight / 2,
      };
    }
  }

  const on = (id, event, act) => {
    const found = document.getElementById(id);
    if (found) found.addEventListener(event, () => act(found));
  };
  const timeline = new Timeline();
  on("zoom-in", "click", () => timeline.zoom(0.5));
  on("zoom-out", "click", () => timeline.zoom(2));
  on("zoom-whole", "click", () => timeline.whole());
  on("earlier", "click", () => timeline.pan(-0.25));
  on("later", "click", () => timeline.pan(0.25));
  on("chunks", "change", (box) => { timeline.withChunks = box.checked; timeline.choose_rows(); });
  on("search", "input", (box) => { timeline.wanted = box.value.toLowerCase(); timeline.redraw(); });
  let heat = null;
  if (data.heat.links.length) {
    heat = new HeatMap();
    on("heat-busy", "change", () => { heat.what = "busy"; heat.redraw(); });
    on("heat-queue", "change", () => { heat.what = "queue"; heat.redraw(); });
    on("heat-whole", "click", () => heat.whole());
  }
  window.simastraReport = { timeline, heat };
})();
