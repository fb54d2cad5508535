"use strict";
// Moves messages along the links. Everything shown at a moment follows from the slider's time alone.
(() => {
  const film = JSON.parse(document.getElementById("data").textContent);
  const slider = document.getElementById("time");
  const clock = document.getElementById("clock");
  const scene = document.getElementById("scene");
  const play = document.getElementById("play");
  const moving = document.getElementById("moving");
  const received = [...document.querySelectorAll(".received")];
  const largest = Math.max(1, ...film.flights.map((flight) => flight[3]));
  const dots = [];
  let playing = false;
  let last = 0;

  function dot(index) {
    if (!dots[index]) {
      dots[index] = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      dots[index].setAttribute("fill", "#d9572b");
      moving.append(dots[index]);
    }
    return dots[index];
  }

  function along(curve, part) {
    const a = (1 - part) ** 2, b = 2 * part * (1 - part), c = part ** 2;
    return [a * curve[0] + b * curve[2] + c * curve[4], a * curve[1] + b * curve[3] + c * curve[5]];
  }

  function moveMessages(time) {
    let shown = 0;
    for (const [link, start, end, size] of film.flights) {
      if (start > time) break; // they are in order of their start
      if (end <= time) continue;
      const circle = dot(shown++);
      const [x, y] = along(film.links[link], (time - start) / Math.max(1, end - start));
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
      circle.setAttribute("r", film.radius * (0.25 + 0.25 * Math.sqrt(size / largest)));
      circle.removeAttribute("display");
    }
    for (const circle of dots.slice(shown)) circle.setAttribute("display", "none");
    moving.dataset.shown = shown;
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

  function show() {
    const time = Number(slider.value);
    clock.textContent = `${Math.round(time).toLocaleString("en")} ns`;
    moveMessages(time);
    fillNpus(time);
    const now = film.scenes.filter(([start, end]) => start <= time && time < end);
    scene.textContent = now.map((each) => each[2]).join("; ");
  }

  function setPlaying(on) {
    playing = on;
    play.textContent = on ? "⏸" : "▶";
    play.setAttribute("aria-label", on ? "pause" : "play");
    last = performance.now();
    if (on) requestAnimationFrame(advance);
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
  slider.addEventListener("input", () => {
    setPlaying(false);
    show();
  });
  show();
})();
