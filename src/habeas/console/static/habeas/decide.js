// Deciding, releasing, letters: moves the focus to what changed, and works out a file's SHA-256 here, so that
// the file itself never leaves this machine. Without scripts, the mark is typed.
"use strict";
(() => {
  if (window.habeasDecide) return; // several parts of one page ask for this file
  window.habeasDecide = true;

  const refusal = document.querySelector("[data-focus]");
  if (refusal) refusal.focus();

  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  const mark = async (input) => {
    const state = document.getElementById(input.dataset.state);
    const into = document.getElementById(input.dataset.into);
    const file = input.files[0];
    into.value = "";
    state.textContent = "";
    if (!file) return;
    state.textContent = input.dataset.working;
    try {
      into.value = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      state.textContent = input.dataset.done;
    } catch {
      state.textContent = input.dataset.failed;
      into.focus();
    }
  };

  for (const part of document.querySelectorAll("[data-file-mark]")) {
    // Browsers offer this only over https and on the machine itself.
    if (!window.crypto || !window.crypto.subtle) continue;
    part.hidden = false;
    const input = part.querySelector("input[type=file]");
    input.addEventListener("change", () => mark(input));
  }
})();
