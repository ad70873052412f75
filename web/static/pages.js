"use strict";
// Leaving: the page is hidden at once and takes no place in the history.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true;
  window.location.replace(link.href);
});
