"use strict";
(function () {
  const config = JSON.parse(document.getElementById("chart-config").textContent);
  const narrow = 560;

  // Panels that stand beside each other on a desk stand below each other on a telephone.
  function stacked(layout) {
    const number = function (name) { return Number(name.replace(/^xaxis/, "") || 1); };
    const panels = Object.keys(layout)
      .filter(function (name) { return /^xaxis/.test(name) && layout[name].visible !== false; })
      .sort(function (a, b) { return number(a) - number(b); });
    const starts = new Set(panels.map(function (name) { return layout[name].domain ? layout[name].domain[0] : 0; }));
    if (starts.size < 2) { return; }
    const panel = 120, gap = 62, whole = panels.length * (panel + gap) - gap;
    layout.height = whole + layout.margin.t + layout.margin.b;
    panels.forEach(function (name, i) {
      const top = 1 - i * (panel + gap) / whole;
      layout[name].domain = [0, 1];
      layout[name.replace("x", "y")].domain = [Math.max(0, top - panel / whole), top];
    });
  }

  function fitted(figure, width) {
    if (width >= narrow) { return figure.layout; }
    const layout = JSON.parse(JSON.stringify(figure.layout));
    const small = function (font) { return Object.assign({}, font, { size: 12 }); };
    layout.font = small(layout.font);
    stacked(layout);
    if (layout.margin.l < 60) { layout.margin.l = 42; }  // a wider one holds names
    Object.keys(layout).forEach(function (name) {
      if (/^[xy]axis/.test(name)) { layout[name].tickfont = small(layout[name].tickfont); }
    });
    (layout.annotations || []).forEach(function (each) { each.font = small(each.font); });
    return layout;
  }

  function draw(holder) {
    const figure = JSON.parse(document.getElementById(holder.id + "-data").textContent);
    for (const line of figure.data) {
      if (Number.isInteger(line.x)) line.x = figure.data[line.x].x;
    }
    const redraw = function () { Plotly.react(holder, figure.data, fitted(figure, holder.clientWidth), config); };
    redraw();
    let wide = holder.clientWidth >= narrow;
    window.addEventListener("resize", function () {
      if (wide !== holder.clientWidth >= narrow) { wide = !wide; redraw(); }
    });
  }

  document.querySelectorAll(".picture").forEach(draw);

  document.querySelectorAll("button[data-picture]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const holder = document.getElementById(button.dataset.picture);
      Plotly.downloadImage(holder, {
        format: "svg", width: 601, height: holder.layout.height, filename: button.dataset.picture
      });
    });
  });

  const search = document.getElementById("fit-search");
  if (!search) { return; }  // a page without the table of fit
  const shown = document.getElementById("fit-shown");
  const groups = Array.from(document.querySelectorAll("#fit-table tbody"));
  const rows = Array.from(document.querySelectorAll("#fit-table tr[data-search]"));

  function filter() {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach(function (row) {
      const text = row.dataset.search.toLowerCase();
      row.hidden = !asked.every(function (word) { return text.includes(word); });
      count += row.hidden ? 0 : 1;
    });
    groups.forEach(function (group) { group.hidden = !group.querySelector("tr[data-search]:not([hidden])"); });
    shown.textContent = count + " of " + rows.length + " figures shown";
  }

  document.querySelector(".search").hidden = false;
  search.addEventListener("input", filter);
  filter();
})();
