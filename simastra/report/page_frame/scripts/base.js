// Words, colours and elements. All scripts of the page share one scope, in the order of the page's document.py.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// An element with attributes and content; `on` holds listeners.
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    } else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...content);
  return element;
}

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const exactTime = (time) => `${grouped(Math.round(time))} ns`;
const TIME_UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
const SIZE_UNITS = [[2 ** 40, "TiB"], [2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]];

function scaled(value, units, digits = 2) {
  const [factor, unit] = units.find(([each]) => Math.abs(value) >= each) || units[units.length - 1];
  const text = (value / factor).toFixed(factor === 1 ? 0 : digits);
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text} ${unit}`;
}
const humanTime = (time) => scaled(Math.round(time), TIME_UNITS);
const humanSize = (size) => scaled(size, SIZE_UNITS);
const percent = (part) => (part > 0 && part < 5e-4 ? "< 0.1 %" : `${(100 * part).toFixed(1)} %`);

// Runs of numbers, such as NPUs: "0–3, 8".
function ranges(numbers, most = 3) {
  const runs = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last && number === last[1] + 1) last[1] = number; else runs.push([number, number]);
  }
  const words = runs.slice(0, most).map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
  return runs.length > most ? `${words}, …` : words;
}
const npuWords = (npus) => (npus.length === 1 ? `NPU ${npus[0]}` : `NPUs ${ranges(npus)}`);
const counted = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
const on = (id, event, act) => {
  const found = byId(id);
  if (found) found.addEventListener(event, () => act(found));
};

const darkGround = matchMedia("(prefers-color-scheme: dark)");
const repaints = [];
let theme = "system";
const isDark = () => (theme === "system" ? darkGround.matches : theme === "dark");
const shade = (pair) => pair[isDark() ? 1 : 0];

// The page's own colours, read once for each theme: getComputedStyle is slow within a loop.
const ink = {};
function readInk() {
  const probe = make("span", { class: "unseen" });
  document.body.append(probe);
  for (const name of ["back", "text", "dim", "line", "panel", "accent", "bad"]) {
    probe.style.color = `var(--${name})`;
    ink[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}
function repaint() {
  readInk();
  for (const each of repaints) each();
}
darkGround.addEventListener("change", repaint);

// Black or white, whichever can be read better on a colour.
const textOn = new Map();
function textColour(fill) {
  if (!textOn.has(fill)) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(fill.slice(at, at + 2), 16) / 255)
      .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    textOn.set(fill, 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#0b0d11");
  }
  return textOn.get(fill);
}

const FONT = "12px Inter, system-ui, \"Segoe UI\", Roboto, sans-serif";

function showTip(event, text) {
  const tip = byId("tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const x = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  const below = event.clientY + 18;
  const y = below + tip.offsetHeight < innerHeight ? below : event.clientY - tip.offsetHeight - 10;
  tip.style.left = `${Math.max(x, 4)}px`;
  tip.style.top = `${Math.max(y, 4)}px`;
}

const say = (words) => { byId("said").textContent = words; };
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
function scrollTo(element) {
  element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
}

// A canvas as sharp as the screen; returns its pen.
function sized(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.max(Math.round(width * ratio), 1);
  canvas.height = Math.max(Math.round(height * ratio), 1);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = FONT;
  pen.textBaseline = "middle";
  return pen;
}

// Draws at most once for each frame, however often it is asked for.
function framed(draw) {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => { pending = false; draw(); });
  };
}
