// Taking files in: dropping them, saying which are chosen, and no second click. Without this, the plain
// file field and the button do the same.
"use strict";
(() => {
  const MEGABYTE = 1024 * 1024;
  const size = (bytes) => bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;

  document.querySelectorAll("[data-focus]").forEach((box) => box.focus());

  document.querySelectorAll("[data-upload]").forEach((form) => {
    const drop = form.querySelector("[data-drop]");
    const several = form.querySelector("[data-several]");
    const busy = form.querySelector("[data-busy]");
    let fits = true;

    const show = () => {
      const input = drop.querySelector("input[type=file]");
      const list = drop.querySelector("[data-list]");
      const chosen = [...input.files];
      const total = chosen.reduce((sum, file) => sum + file.size, 0);
      const large = total > Number(drop.dataset.limit) * MEGABYTE;
      const many = chosen.length > Number(drop.dataset.files);
      list.replaceChildren(...chosen.slice(0, 30).map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name} (${size(file.size)})`;
        return line;
      }));
      drop.querySelector("[data-too-large]").hidden = !large;
      drop.querySelector("[data-too-many]").hidden = !many;
      fits = !large && !many;
      if (several) several.hidden = chosen.length < 2;
    };

    if (drop) {
      const input = drop.querySelector("input[type=file]");
      input.addEventListener("change", show);
      ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.add("n-drop--over");
      }));
      ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("n-drop--over")));
      drop.addEventListener("drop", (event) => {
        event.preventDefault();
        if (!event.dataTransfer || !event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        show();
        input.focus();
      });
      show();
    }

    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent || !fits) {
        event.preventDefault();
        if (!fits) drop.querySelector("input[type=file]").focus();
        return;
      }
      sent = true;
      busy.textContent = form.querySelector("[data-busy-text]").textContent;
    });
    // a page that comes back from the browser's memory may be sent again
    window.addEventListener("pageshow", () => { sent = false; busy.textContent = ""; });
  });
})();
