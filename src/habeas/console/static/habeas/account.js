// Signing in: the summary of what is wrong gets the focus, and a passkey that was refused or stopped is said.
"use strict";
document.querySelector("[data-focus]")?.focus();
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("key-failed");
  if (said) {
    said.hidden = false;
  }
});
