// From a column's values to places between 0 and 1, and ticks in its unit.

const LOG_FROM = 50; // the least ratio of the largest to the smallest that is drawn by orders

const isNumeric = (column) => column.unit !== "";
const shownAs = (column, value) => (value === null ? "–" : `${SHOWN[column.unit](value)}`);

class Scale {
  constructor(column, isLog = null) {
    this.column = column;
    const values = [...new Set(column.values)].filter((it) => it !== null);
    if (!isNumeric(column)) {
      this.values = values;
      this.places = new Map(values.map((it, at) => [it, values.length > 1 ? at / (values.length - 1) : 0.5]));
      return;
    }
    this.values = values.sort((a, b) => a - b);
    [this.low, this.high] = values.length ? [values[0], values[values.length - 1]] : [0, 1];
    this.canBeLog = this.low > 0;
    this.isLog = this.canBeLog && (isLog ?? this.high / this.low >= LOG_FROM);
  }
  bent(value) { return this.isLog ? Math.log(value) : value; }
  place(value) {
    if (value === null) return null;
    if (this.places) return this.places.get(value);
    const low = this.bent(this.low), span = this.bent(this.high) - low;
    return span ? (this.bent(value) - low) / span : 0.5;
  }
  // The number at a place; of a text column, there is none.
  value(place) {
    const low = this.bent(this.low), at = low + place * (this.bent(this.high) - low);
    return this.isLog ? Math.exp(at) : at;
  }
  // Places and words of at most so many ticks, none nearer to another than they can be read.
  ticks(most) {
    const values = this.places || this.values.length <= most ? this.values : this.round(most);
    const ticks = [];
    for (const value of values) {
      const place = this.place(value);
      if (!ticks.length || place - ticks[ticks.length - 1][0] >= 0.7 / most) {
        ticks.push([place, shownAs(this.column, value)]);
      }
    }
    return ticks;
  }
  round(most) {
    if (this.isLog) return this.orders(most);
    const units = { ns: TIME_UNITS, B: SIZE_UNITS, "%": [[0.01, ""]] }[this.column.unit] || [[1, ""]];
    const [factor] = units.find(([it]) => Math.abs(this.high) >= it) || units[units.length - 1];
    const rough = (this.high - this.low) / factor / most, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough) * factor;
    const values = [];
    for (let at = Math.ceil(this.low / step); at * step <= this.high; at++) values.push(at * step);
    return values;
  }
  orders(most) {
    const base = this.column.unit === "B" ? 2 : 10, log = Math.log(base);
    const first = Math.ceil(Math.log(this.low) / log - 1e-9), last = Math.floor(Math.log(this.high) / log + 1e-9);
    const step = Math.max(1, Math.ceil((last - first + 1) / most));
    const values = [];
    for (let at = first; at <= last; at += step) values.push(base ** at);
    if (values.length > 2) return values;
    const finer = [];
    for (let at = first - 1; at <= last; at++) for (const it of [1, 2, 5]) finer.push(it * base ** at);
    return [this.low, ...finer.filter((it) => it > this.low && it < this.high), this.high];
  }
}
