// The heat map of links, in the time that the timeline shows.

const SCALE = [[255, 237, 190], [254, 204, 92], [253, 141, 60], [240, 59, 32], [150, 0, 38]];
function heatColour(part) {
  const place = Math.min(Math.max(part, 0), 1) * (SCALE.length - 1);
  const low = Math.min(Math.floor(place), SCALE.length - 2);
  const mixed = SCALE[low].map((it, k) => Math.round(it + (SCALE[low + 1][k] - it) * (place - low)));
  return `rgb(${mixed.join(",")})`;
}

const links = data.heat.links.map((link) => ({
  ...link,
  busy: Array.from({ length: data.heat.bins },
    (_, bin) => parseInt(link.busy.slice(2 * bin, 2 * bin + 2), 36)),
}));

class HeatMap extends Rows {
  constructor() {
    super("heat-view", 14);
    this.what = "busy";
    this.largestQueue = links.reduce((most, it) => Math.max(most, ...it.queue), 1);
    this.count = links.length;
    this.layOut();
  }
  drawRow(number, y) {
    const link = links[number], values = link[this.what], width = data.heat.width;
    const scale = this.what === "busy" ? 1000 : this.largestQueue;
    const first = Math.max(Math.floor(time.from / width), 0);
    const last = Math.min(Math.ceil(time.to / width), values.length);
    for (let bin = first; bin < last; bin++) {
      if (!values[bin]) continue;
      const left = Math.max(this.xOf(bin * width), this.gutter);
      this.pen.fillStyle = heatColour(values[bin] / scale);
      this.pen.fillRect(left, y, this.xOf((bin + 1) * width) - left + 0.5, this.rowHeight - 1);
    }
    this.pen.fillStyle = ink.back;
    this.pen.fillRect(0, y, this.gutter, this.rowHeight);
    this.pen.fillStyle = ink.dim;
    const ends = `${link.from} → ${link.to}`;
    const words = this.gutter < 150 ? ends.replace(/NPU |witch | of dimension \d+/g, "")
      : ends.replace(/ of dimension (\d+)/, " (dim $1)");
    this.pen.fillText(this.fitText(words, this.gutter - 14), 6, y + this.rowHeight / 2);
  }
  describe(x, y) {
    const number = this.rowAt(y), width = data.heat.width;
    const bin = Math.floor(this.timeAt(x) / width);
    if (number < 0) return "";
    const link = links[number], ends = `${link.from} → ${link.to}${link.kind && `, ${link.kind}`}`;
    if (x < this.gutter || bin < 0 || bin >= data.heat.bins) return ends;
    const queue = ((link.queue[bin] || 0) / 100).toFixed(2);
    return `${ends}\n${humanTime(bin * width)} to ${humanTime((bin + 1) * width)}\n`
      + `busy ${(link.busy[bin] / 10).toFixed(1)} %, ${queue} messages waiting on average`;
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
