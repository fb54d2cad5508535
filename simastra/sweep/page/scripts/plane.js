// A canvas as wide as its place, painted again when that or the theme changes.

class Plane {
  constructor(id, height, leastWidth = 0) {
    Object.assign(this, { canvas: byId(id), height, leastWidth });
    this.redraw = framed(() => this.draw());
    repaints.push(() => this.draw());
    points.whenChosen.push(this.redraw);
    points.whenLimited.push(() => this.limited());
    new ResizeObserver(() => this.layOut()).observe(this.canvas.parentElement);
  }
  limited() { this.redraw(); }
  layOut() {
    const room = this.canvas.parentElement.clientWidth;
    if (!room) return;
    this.width = Math.max(room, this.leastWidth);
    this.pen = sized(this.canvas, this.width, this.height);
    this.draw();
  }
  draw() {
    if (!this.pen) return;
    this.pen.clearRect(0, 0, this.width, this.height);
    this.paint(this.pen);
  }
  // Words that fit, the end of them rather than the beginning: of a key path, that says most.
  fitted(words, width) {
    if (this.pen.measureText(words).width <= width) return words;
    let length = words.length;
    while (length > 1 && this.pen.measureText(`…${words.slice(-length)}`).width > width) length--;
    return `…${words.slice(-length)}`;
  }
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
