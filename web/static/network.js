"use strict";
// Tapping a person ticks their box and asks the server; what is lost then turns red. Nothing is worked out here.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("graph");
  const form = document.getElementById("leaving");
  if (!box || !form || !window.cytoscape) return;
  const { nodes, ties } = JSON.parse(box.dataset.graph);
  box.hidden = false;
  document.querySelector("[data-tap]").hidden = false;
  document.getElementById("still").hidden = true;

  const picture = window.cytoscape({
    container: box,
    elements: {
      nodes: nodes.map((data) => ({ data, classes: data.kind })),
      edges: ties.map((data, number) => ({ data: { id: `tie-${number}`, ...data } })),
    },
    layout: { name: "cose", randomize: false, animate: false, padding: 24, nodeRepulsion: () => 60000, idealEdgeLength: () => 90 },
    maxZoom: 2.5,
   
    style: [
      { selector: "node", style: { label: "data(label)", "font-size": 11, "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 4, width: 16, height: 16, "background-color": "#cfe8f7", "border-width": 1.5, "border-color": "#1a1a1a", color: "#1a1a1a" } },
      { selector: "node.person", style: { width: 30, height: 30, "background-color": "#0072b2", "font-weight": "bold", "font-size": 13 } },
      { selector: "node.cell", style: { shape: "rectangle", "background-color": "#ffffff", "border-color": "#b35900", "border-width": 2.5 } },
      { selector: "edge", style: { width: 1.5, "line-color": "#777777", "curve-style": "haystack" } },
      { selector: "node.gone", style: { "background-color": "#ffffff", "border-style": "dashed", opacity: 0.55 } },
      { selector: "edge.lost", style: { "line-color": "#b00020", "line-style": "dashed", width: 2.5, "curve-style": "straight" } },
      { selector: "node.lost", style: { "border-color": "#b00020", "border-width": 4, "border-style": "dashed" } },
    ],
  });

  const ticks = () => [...form.querySelectorAll("input[name=person]")];
  const show = () => {
    const gone = new Set(ticks().filter((one) => one.checked).map((one) => one.value));
    picture.nodes(".person").forEach((node) => node.toggleClass("gone", gone.has(node.id())));
    return gone.size;
  };
  const mark = () => {
    const told = document.querySelector("#answer .loss");
    const lost = new Set(told ? JSON.parse(told.dataset.lost) : []);
    const cut = new Set(told ? JSON.parse(told.dataset.cut) : []);
    picture.edges().forEach((edge) => edge.toggleClass("lost", lost.has(edge.data("link"))));
    picture.nodes().forEach((node) => node.toggleClass("lost", lost.has(node.id()) || cut.has(node.data("of"))));
  };
  const ask = () => {
    if (show()) form.requestSubmit();
    else { document.getElementById("answer").replaceChildren(); mark(); }
  };

  picture.on("tap", "node.person", (event) => {
    const tick = ticks().find((one) => one.value === event.target.id());
    tick.checked = !tick.checked;
    ask();
  });
  form.addEventListener("change", ask);
  document.body.addEventListener("htmx:afterSwap", mark);
  if (show()) mark();
});
