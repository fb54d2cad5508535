// The time that timeline, heat map and memory show, and the range that is measured.

class Time {
  constructor(end) {
    this.end = Math.max(end, 1);
    this.from = 0;
    this.to = this.end;
    this.range = null;
    this.listeners = [];
  }
  get span() { return this.to - this.from; }
  tell() { for (const each of this.listeners) each(); }
  show(from, span) {
    span = Math.min(Math.max(span, Math.min(4, this.end)), this.end);
    this.from = Math.min(Math.max(from, 0), this.end - span);
    this.to = this.from + span;
    this.tell();
  }
  zoom(factor, around = (this.from + this.to) / 2) {
    const span = Math.min(Math.max(this.span * factor, 4), this.end);
    this.show(around - (around - this.from) / this.span * span, span);
  }
  pan(part) { this.show(this.from + part * this.span, this.span); }
  whole() { this.show(0, this.end); }
  around(start, end) {
    const span = Math.max((end - start) * 1.6, 8);
    this.show((start + end) / 2 - span / 2, span);
  }
  measure(a, b) {
    const [from, to] = [Math.min(a, b), Math.max(a, b)]
      .map((it) => Math.round(Math.min(Math.max(it, 0), this.end)));
    this.range = to > from ? [from, to] : null;
    this.tell();
  }
  letGo() { this.range = null; this.tell(); }
  // Where labels go on an axis so wide, and what they say: never so near that they collide.
  ticks(pen, width) {
    let apart = 90;
    for (let round = 0; round < 3; round++) {
      const rough = this.span / Math.max(width / apart, 1);
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = Math.max([1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough), 1);
      const [factor, unit] = TIME_UNITS.find(([each]) => this.to >= each) || [1, "ns"];
      const digits = Math.max(0, Math.ceil(-Math.log10(step / factor) - 1e-9));
      const ticks = [];
      for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
        ticks.push([at, `${grouped((at / factor).toFixed(digits))} ${unit}`]);
      }
      const widest = Math.max(0, ...ticks.map(([, words]) => pen.measureText(words).width)) + 18;
      if (widest <= apart || ticks.length < 2) return ticks;
      apart = widest;
    }
    return [];
  }
}
const time = new Time(data.timeline.end);
