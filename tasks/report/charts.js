"use strict";
// The charts of the report as Vega-Lite specifications. Colours are the page's own variables, so that they follow its theme.

const charts = (() => {
  const COLOURS = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `var(--colour-${number})`);
  const FORMATS = { year: "%Y", quarter: "%Y Q%q", month: "%b %Y" };

  const CONFIG = {
    background: null,
    font: "system-ui, sans-serif",
    view: { stroke: null },
    axis: {
      labelColor: "var(--quiet)",
      titleColor: "var(--quiet)",
      domainColor: "var(--line)",
      tickColor: "var(--line)",
      gridColor: "var(--line)",
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: "normal",
      labelOverlap: true,
    },
    legend: {
      labelColor: "var(--ink)", titleColor: "var(--quiet)", labelFontSize: 12, title: null, orient: "top", symbolType: "square",
      labelLimit: 260,
    },
    header: { labelColor: "var(--ink)" },
  };

  const queue = [];
  let isBusy = false;

  // What is in sight is drawn at once, the rest when there is time, so that a printed page has all of it.
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) draw(queue.find((waiting) => waiting.place === entry.target));
    }
  }, { rootMargin: "200px" });

  function draw(waiting) {
    if (!waiting) return Promise.resolve();
    queue.splice(queue.indexOf(waiting), 1);
    observer.unobserve(waiting.place);
    if (!waiting.place.isConnected) return Promise.resolve();
    return window.vegaEmbed(waiting.place, { $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: CONFIG, ...waiting.spec() }, {
      actions: false,
      ast: true, // expressions are interpreted: the page's policy forbids to make code of text
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    }).then((result) => {
      waiting.place.querySelector("svg")?.setAttribute("focusable", "false");
      waiting.done?.(result);
    });
  }

  function work() {
    if (isBusy || !queue.length) return;
    isBusy = true;
    (window.requestIdleCallback ?? ((task) => setTimeout(task, 50)))(() => draw(queue[0]).finally(() => {
      isBusy = false;
      work();
    }));
  }

  // Draw a chart in a place once it is seen. Its height is kept free until then, so that nothing moves under the reader.
  function show(place, height, spec, done) {
    place.style.minHeight = `${height}px`;
    const earlier = queue.findIndex((waiting) => waiting.place === place);
    if (earlier >= 0) queue.splice(earlier, 1);
    queue.push({ place, spec, done });
    observer.observe(place);
    work();
  }

  const time = (granularity) => ({
    field: "period",
    type: "temporal",
    title: null,
    axis: { format: granularity === "month" ? "%Y-%m" : "%Y", tickCount: 5, grid: false },
  });

  // Whole numbers for an axis of counts, five at most.
  function wholeTicks(largest) {
    const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, largest / 4)));
    const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => largest / size <= 4);
    return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
  }

  const when = (granularity) => ({ field: "period", type: "temporal", format: FORMATS[granularity], title: granularity });

  // A series by period, with the trend line and the interval of its slope, and its burst.
  function curve(place, { points, granularity, trend, burst, title, unit = "per 10,000 words", height = 90, isShare = false }) {
    show(place, height + 26, () => {
      const last = points.length - 1;
      const layers = [];
      if (burst) {
        layers.push({
          data: { values: [burst] },
          mark: { type: "rect", color: "var(--colour-1)", opacity: 0.16 },
          encoding: { x: { field: "start", type: "temporal" }, x2: { field: "end" } },
        });
      }
      if (trend) {
        layers.push(
          {
            data: { values: trend },
            mark: { type: "area", color: "var(--colour-2)", opacity: 0.16, clip: true },
            encoding: { x: time(granularity), y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
          },
          {
            data: { values: trend },
            mark: { type: "line", color: "var(--colour-2)", strokeDash: [4, 3], strokeWidth: 1.5, clip: true },
            encoding: { x: time(granularity), y: { field: "line", type: "quantitative" } },
          },
        );
      }
      layers.push(
        {
          mark: { type: "line", color: "var(--ink)", strokeWidth: 1.5 },
          encoding: { x: time(granularity), y: { field: "value", type: "quantitative" } },
        },
        {
          mark: { type: "point", size: points.length > 60 ? 6 : 22, filled: true, stroke: "var(--ink)", strokeWidth: 1.2 },
          encoding: {
            x: time(granularity),
            y: {
              field: "value",
              type: "quantitative",
              title: null,
              scale: { domainMin: 0, nice: true, ...(Math.max(...points.map((point) => point.value)) > 0 ? {} : { domainMax: 1 }) },
              axis: { tickCount: 3, ...(isShare ? { format: ".0%" } : {}) },
            },
            fill: { condition: { test: "datum.partial", value: "var(--paper)" }, value: "var(--ink)" },
            tooltip: [
              when(granularity),
              { field: "value", type: "quantitative", format: isShare ? ".1%" : ".2f", title: unit },
              { field: "occurrences", type: "quantitative", format: isShare ? ",.0f" : ",", title: "occurrences" },
              { field: "documents", type: "quantitative", format: ",", title: "documents" },
              { field: "total", type: "quantitative", format: ",", title: "documents of the period" },
              { field: "partial", title: "not over" },
            ],
          },
        },
      );
      return {
        description: `${title}: ${unit} by ${granularity}, from ${points[0].value.toFixed(2)} to ${points[last].value.toFixed(2)}`,
        width: "container",
        height,
        data: { values: points },
        layer: layers,
      };
    });
  }

  // Amounts by period, stacked by what they are made of; `span` is the first and the end of the last period.
  function stacked(place, { rows, granularity, field, amount, title, order, span, height = 180 }) {
    const totals = new Map();
    const values = [...rows].sort((a, b) => order.indexOf(a[field]) - order.indexOf(b[field])).map((row) => {
      const low = totals.get(row.period) ?? 0;
      totals.set(row.period, low + row[amount]);
      return { ...row, low, high: low + row[amount] };
    });
    // Two rows of no height, so that the axis has all periods.
    for (const edge of span) values.push({ [field]: order[0], [amount]: 0, period: edge, end: edge, low: 0, high: 0 });
    const ticks = wholeTicks(Math.max(...totals.values()));
    const named = order.filter((name) => !name.startsWith("("));
    const colour = (name) => (name.startsWith("(") ? (name === "(others)" ? "var(--colour-7)" : "var(--colour-8)") : COLOURS[named.indexOf(name) % COLOURS.length]);
    const columns = place.clientWidth < 420 ? 1 : place.clientWidth < 700 ? 2 : 4;
    const legend = order.length > 1 ? { columns, values: order.slice(0, 10) } : null;
    show(place, height + 26 + (legend ? 6 + 14 * Math.ceil(legend.values.length / columns) : 0), () => ({
      description: title,
      width: "container",
      height,
      data: { values },
      mark: { type: "rect", stroke: "var(--paper)", strokeWidth: 0.5 },
      encoding: {
        x: { ...time(granularity), scale: { nice: false } },
        x2: { field: "end" },
        y: { field: "low", type: "quantitative", title: null, scale: { domainMax: ticks.at(-1), nice: false }, axis: { values: ticks, format: ",d" } },
        y2: { field: "high" },
        color: {
          field,
          type: "nominal",
          scale: { domain: order, range: order.map(colour) },
          legend,
        },
        tooltip: [
          when(granularity),
          { field, type: "nominal", title: "of" },
          { field: amount, type: "quantitative", format: ",", title: amount },
        ],
      },
    }));
  }

  // How often each of some names stands with each of the others; a cell leads to `open(row)`.
  function matrix(place, { rows, names, open, title }) {
    const isWide = place.clientWidth > 600;
    const size = Math.max(14, Math.min(26, (place.clientWidth - (isWide ? 300 : 150)) / names.length));
    show(place, size * names.length + 110, () => {
      return {
        description: title,
        width: { step: size },
        height: { step: size },
        data: { values: rows },
        mark: { type: "rect", color: "var(--colour-1)", cursor: "pointer", stroke: "var(--paper)" },
        encoding: {
          x: { field: "a", type: "nominal", sort: names, title: null, axis: { labelAngle: -55, labelLimit: 190, orient: "bottom", domain: false, ticks: false, labelOverlap: false } },
          y: { field: "b", type: "nominal", sort: names, title: null, axis: { labelLimit: isWide ? 290 : 140, domain: false, ticks: false, labelOverlap: false } },
          fillOpacity: { field: "sentences", type: "quantitative", scale: { type: "sqrt", range: [0.08, 1] }, legend: null },
          tooltip: [{ field: "a", title: "entity" }, { field: "b", title: "with" }, { field: "sentences", title: "sentences" }],
        },
      };
    }, (result) => result.view.addEventListener("click", (_, item) => item?.datum?.id && open(item.datum)));
  }

  return { curve, stacked, matrix };
})();
