// Each slider makes the strips below it wider: A and B lie in one element, and stay aligned.
"use strict";

for (const slider of document.querySelectorAll("input.zoom")) {
  const strips = slider.closest("label").parentElement.querySelector(".strips");
  slider.addEventListener("input", () => {
    const middle = (strips.scrollLeft + strips.clientWidth / 2) / strips.scrollWidth;
    strips.firstElementChild.style.setProperty("--zoom", 2 ** slider.value);
    strips.scrollLeft = middle * strips.scrollWidth - strips.clientWidth / 2;
  });
}
