// The case page: what a link points at is opened and gets the focus; a check made elsewhere asks to be
// described. Without scripts the links still jump, and the description can be opened by hand.
"use strict";

(() => {
  function reveal(id) {
    const found = id ? document.getElementById(id) : null;
    if (!found) return;
    for (let around = found; around; around = around.parentElement) {
      if (around instanceof HTMLDetailsElement) around.open = true;
    }
    if (found instanceof HTMLDetailsElement) found.querySelector("summary").focus({ preventScroll: true });
    else found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
    const rect = found.getBoundingClientRect();
    if (rect.top < 0 || rect.bottom > window.innerHeight) found.scrollIntoView({ block: "center" });
  }

  const aimed = () => reveal(decodeURIComponent(window.location.hash.slice(1)));

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && window.location.hash === link.getAttribute("href")) aimed(); // the same place again
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches('select[name^="source-"]') && event.target.value === "independent") {
      document.getElementById("check").open = true;
    }
    const elsewhere = event.target.id === "check-how" && !["", "court_called"].includes(event.target.value);
    if (elsewhere || (event.target.id === "check-court" && event.target.value === "-")) {
      document.getElementById("check-another").open = true;
    }
  });

  window.addEventListener("hashchange", aimed);
  const problems = document.getElementById("facts-problems");
  const news = document.querySelector("#main > .usa-alert[role='status']");
  if (problems) problems.focus();
  else if (window.location.hash) aimed();
  else if (news) {
    news.tabIndex = -1;
    news.focus();
  }
})();
