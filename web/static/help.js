"use strict";
// Find help, where there is script: where the phone is (rounded before anything else sees it), the answer in its place,
// and the map. Nothing is kept: no storage, no history, no timer.
const TENTH = 10;
const round = (degrees) => (Math.round(degrees * TENTH) / TENTH).toFixed(1);

const locate = (button) => {
  const told = document.getElementById("located");
  const form = button.form;
  if (!navigator.geolocation) { told.textContent = told.dataset.nowhere; return; }
  navigator.geolocation.getCurrentPosition(
    (found) => {
      form.elements.lat.value = round(found.coords.latitude);
      form.elements.lon.value = round(found.coords.longitude);
      form.elements.place.value = "";
      document.getElementById("places").replaceChildren();
      told.textContent = told.dataset.here;
    },
    () => { told.textContent = told.dataset.nowhere; },
    { enableHighAccuracy: false, maximumAge: 600000, timeout: 15000 },
  );
};

const add = (tag, given) => new Promise((done, failed) => {
  const made = Object.assign(document.createElement(tag), given);
  made.addEventListener("load", done);
  made.addEventListener("error", failed);
  document.head.append(made);
});

const move = async (button) => {
  const drawn = document.getElementById("map");
  const { mapStyle, mapScript } = document.getElementById("answer").dataset;
  button.disabled = true;
  await Promise.all([add("link", { rel: "stylesheet", href: mapStyle }), add("script", { src: mapScript })]);
  const [x, y, width, height] = drawn.getAttribute("viewBox").split(" ").map(Number);
  const frame = document.createElement("div");
  frame.className = "map moving";
  drawn.replaceWith(frame);
  button.remove();
  const map = L.map(frame, { crs: L.CRS.Simple, attributionControl: false, minZoom: -3, maxZoom: 3, zoomSnap: 0.25 });
  const land = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  land.setAttribute("viewBox", "0 0 1500 1300");
  land.append(drawn.querySelector(".land").cloneNode());
  L.svgOverlay(land, [[0, 0], [-1300, 1500]]).addTo(map);
  const at = (mark, across, down) => [-Number(mark.getAttribute(down)), Number(mark.getAttribute(across))];
  for (const area of drawn.querySelectorAll("[data-area]")) {
    L.circle(at(area, "cx", "cy"), { radius: Number(area.getAttribute("r")), color: "#6929c4", weight: 2 }).addTo(map);
  }
  for (const spot of drawn.querySelectorAll("[data-spot]")) {
    L.circleMarker(at(spot, "data-x", "data-y"), { radius: 6, color: "#0b4f8a", fillOpacity: 1 })
      .bindTooltip(spot.querySelector("text").textContent, { permanent: true, direction: "right" })
      .bindPopup(Object.assign(document.createElement("span"), { textContent: spot.dataset.spot }))
      .addTo(map);
  }
  const near = drawn.querySelector("[data-near]");
  L.circleMarker(at(near, "cx", "cy"), { radius: 11, color: "#b81921", fill: false }).addTo(map);
  map.fitBounds([[-y, x], [-(y + height), x + width]]);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("#locate, #move");
  if (button) (button.id === "locate" ? locate : move)(button);
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "place") return;
  event.target.form.elements.lat.value = event.target.form.elements.lon.value = "";
  document.getElementById("located").textContent = "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "answer") return;
  document.getElementById("ask").open = false;
  event.target.focus();
  event.target.scrollIntoView();
});
