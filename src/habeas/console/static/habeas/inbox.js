// Keys for a list: j, k and the arrows go from request to request, / to the search, ? shows them. All can be
// switched off (WCAG 2.2, 2.1.4); without this file the list is links and forms as ever.
"use strict";
(() => {
  const OFF = "habeas-keys-off";
  const list = document.getElementById("list");
  const dialog = document.getElementById("keys");
  const opener = document.getElementById("keys-open");
  const toggle = document.getElementById("keys-on");
  if (!dialog || !opener || !toggle) return;
  const links = list ? [...list.querySelectorAll("a.i-ref")] : [];
  const typing = (at) => at.closest("input, select, textarea, [contenteditable], dialog") !== null;

  const go = (step) => {
    const row = document.activeElement.closest("#list tbody tr");
    const here = row ? links.indexOf(row.querySelector("a.i-ref")) : -1;
    const next = here === -1 ? (step > 0 ? 0 : links.length - 1) : here + step;
    if (next < 0 || next >= links.length) return;
    links.forEach((link, place) => { link.tabIndex = place === next ? 0 : -1; });
    links[next].focus();
    links[next].closest("tr").scrollIntoView({ block: "nearest" });
  };
  const show = () => { if (!dialog.open) dialog.showModal(); };
  const search = () => document.getElementById("header-search");

  opener.hidden = false;
  opener.addEventListener("click", show);
  toggle.checked = localStorage.getItem(OFF) === null;
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const inside = list !== null && list.contains(event.target);
    if (inside && event.key === "ArrowDown") { event.preventDefault(); go(1); return; }
    if (inside && event.key === "ArrowUp") { event.preventDefault(); go(-1); return; }
    if (!toggle.checked) return;
    const acts = { j: () => go(1), k: () => go(-1), "?": show, "/": () => { const field = search(); if (field) field.focus(); } };
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
})();
