"use strict";
// Moves messages along the links. Everything shown at a moment follows from the slider's time alone.
(() => {
  const film = JSON.parse(document.getElementById("data").textContent);
  const [slider, clock, scene, play, moving, carried] = [
    "time", "clock", "scene", "play", "moving", "carried",
  ].map((id) => document.getElementById(id));
  const received = [...document.querySelectorAll(".received")];
  const largest = Math.max(1, ...film.flights.map((flight) => flight[3]));
  const dots = [];
  const NEUTRAL = "#d9572b"; // what carries nothing that is known
  const MOST_TOLD = 12; // dots of which a pause tells
  let playing = false;
  let last = 0;

  function shape(name, parent, attributes = {}) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // A dot is a pale disc, its full part as a sector above it, and a label.
  function dot(index) {
    if (!dots[index]) {
      const group = shape("g", moving, { class: "dot" });
      dots[index] = {
        group,
        title: shape("title", group),
        disc: shape("circle", group, { fill: "#fff", "stroke-width": 1.5 }),
        sector: shape("circle", group, { fill: "none", transform: "rotate(-90)" }),
        label: shape("text", group),
      };
    }
    return dots[index];
  }

  function draw(dot, place, radius, flight) {
    const [label, block, part, words] = film.payloads[flight[4]] ?? ["", -1, 1, "a message"];
    const colour = block < 0 ? NEUTRAL : film.colours[block % film.colours.length];
    dot.group.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
    dot.group.removeAttribute("display");
    dot.disc.setAttribute("r", radius);
    dot.disc.setAttribute("stroke", colour);
    // A stroke as wide as the radius of the circle that it goes round fills a sector of twice that.
    const round = Math.PI * radius;
    dot.sector.setAttribute("r", radius / 2);
    dot.sector.setAttribute("stroke", colour);
    dot.sector.setAttribute("stroke-opacity", 0.75);
    dot.sector.setAttribute("stroke-width", radius);
    dot.sector.setAttribute("stroke-dasharray", `${part * round} ${round}`);
    dot.label.textContent = radius >= 6 ? label : "";
    dot.label.setAttribute("y", Math.min(radius, 11) * 0.36);
    dot.title.textContent = told(flight, words);
  }

  function told(flight, words) {
    return `${words}, ${flight[3].toLocaleString("en")} B`;
  }

  function along(curve, part) {
    const a = (1 - part) ** 2, b = 2 * part * (1 - part), c = part ** 2;
    return [a * curve[0] + b * curve[2] + c * curve[4], a * curve[1] + b * curve[3] + c * curve[5]];
  }

  function underWay(time) {
    const found = [];
    for (const flight of film.flights) {
      if (flight[1] > time) break; // they are in order of their start
      if (flight[2] > time) found.push(flight);
    }
    return found;
  }

  function moveMessages(flights, time) {
    flights.forEach((flight, index) => {
      const [link, start, end, size] = flight;
      const place = along(film.links[link], (time - start) / Math.max(1, end - start));
      draw(dot(index), place, film.radius * (0.4 + 0.25 * Math.sqrt(size / largest)), flight);
    });
    for (const { group } of dots.slice(flights.length)) group.setAttribute("display", "none");
    moving.dataset.shown = flights.length;
  }

  function tell(flights) {
    if (!carried) return;
    const known = flights.filter((flight) => flight[4] >= 0);
    const lines = known.slice(0, MOST_TOLD).map((it) => told(it, film.payloads[it[4]][3]));
    if (known.length > MOST_TOLD) lines.push(`and ${known.length - MOST_TOLD} more`);
    carried.textContent = playing ? "" : [...new Set(lines)].join("\n");
  }

  function fillNpus(time) {
    film.received.forEach((times, npu) => {
      let come = 0;
      while (come < times.length && times[come] <= time) come++;
      // The filled area is the part of its messages that have come.
      const part = times.length ? come / times.length : 0;
      received[npu].setAttribute("r", film.radius * Math.sqrt(part));
    });
  }

  function timeWords(time) {
    const [length, name] = film.unit;
    const digits = length > 1 ? 2 : 0;
    const value = (time / length).toLocaleString("en", {
      minimumFractionDigits: digits, maximumFractionDigits: digits,
    });
    return `${value} ${name}`;
  }

  function show() {
    const time = Number(slider.value);
    clock.textContent = timeWords(time);
    slider.setAttribute("aria-valuetext", clock.textContent);
    const flights = underWay(time);
    moveMessages(flights, time);
    tell(flights);
    fillNpus(time);
    const now = film.scenes.filter(([start, end]) => start <= time && time < end);
    scene.textContent = now.map((each) => each[2]).join("; ");
  }

  function setPlaying(on) {
    playing = on;
    play.textContent = on ? "Pause" : "Play";
    last = performance.now();
    if (on) requestAnimationFrame(advance);
    else show();
  }

  function advance(now) {
    if (!playing) return;
    const rate = (film.end - film.start) / (film.seconds * 1000);
    slider.value = Number(slider.value) + (now - last) * rate;
    last = now;
    show();
    if (Number(slider.value) >= film.end) setPlaying(false);
    else requestAnimationFrame(advance);
  }

  play.addEventListener("click", () => {
    if (!playing && Number(slider.value) >= film.end) slider.value = film.start;
    setPlaying(!playing);
  });
  slider.addEventListener("input", () => setPlaying(false));
  show();
})();
