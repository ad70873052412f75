"use strict";
// A guide past its day says so, also when it is read from the copy on the phone; leaving leaves nothing behind.
const { expires } = document.documentElement.dataset;
const over = document.querySelector(".over");
if (over && expires < new Date().toISOString().slice(0, 10)) over.hidden = false;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true;
  window.location.replace(link.href);
});

const told = document.getElementById("kept");
if (told && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/guide/worker.js", { scope: "/guide/" });
  document.getElementById("forget").addEventListener("click", async () => {
    await caches.delete("guide");
    const registration = await navigator.serviceWorker.getRegistration("/guide/");
    if (registration) await registration.unregister();
    told.textContent = told.dataset.gone;
  });
}
