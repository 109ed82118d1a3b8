"use strict";
// What the page does with its data: tables, details and links. Text from documents becomes text nodes only, never markup.

(async () => {
  const byId = (id) => document.getElementById(id);

  // An element with attributes and children; a text child stays text.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }
  const link = (kind, id, text) => make("a", { href: `#${kind}/${encodeURIComponent(id)}` }, make("bdi", {}, text));
  const quiet = (...text) => make("span", { class: "quiet" }, ...text);
  const count = (number) => Number(number).toLocaleString("en");
  const percent = (number) => `${(100 * number).toFixed(1)}%`;
  const few = (number) => (number === null ? "" : Math.abs(number) >= 100 ? number.toFixed(0) : Number(number.toPrecision(2)).toString());
  const chance = (number) => (number === null ? "" : number < 0.001 ? "< 0.001" : number.toFixed(3));
  const clip = (text, longest = 160) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
  const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

  // ---- data ----

  async function unpack(id) {
    const bytes = Uint8Array.from(atob(byId(id).textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const answers = JSON.parse(await new Response(stream).text());
    for (const answer of Object.values(answers)) {
      for (const [column, values] of Object.entries(answer.columns)) {
        if (values.codes) answer.columns[column] = values.codes.map((code) => values.texts[code]);
      }
    }
    return answers;
  }
  function records(answer) {
    const columns = Object.entries(answer.columns);
    return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])));
  }
  function grouped(rows, key) {
    const groups = new Map();
    for (const row of rows) {
      const name = key(row);
      if (groups.has(name)) groups.get(name).push(row);
      else groups.set(name, [row]);
    }
    return groups;
  }
  const cache = new Map();
  const once = (name, compute) => {
    if (!cache.has(name)) cache.set(name, compute());
    return cache.get(name);
  };

  const answers = await unpack("data");
  const rows = (name) => once(name, () => records(answers[name]));
  const by = (name, ...keys) => once(`${name} by ${keys}`, () => grouped(rows(name), (row) => keys.map((key) => row[key]).join("\t")));
  const indexed = (name, key) => once(`${name} at ${key}`, () => new Map(rows(name).map((row) => [row[key], row])));
  const texts = () => once("texts", async () => {
    const loaded = await unpack("texts");
    Object.assign(answers, loaded);
    return loaded;
  });

  // ---- periods ----

  const granularities = ["year", "quarter", "month"].filter((name) => by("periods", "granularity").has(name));
  // The coarsest that has enough periods for a curve, else the finest.
  let granularity = granularities.find((name) => by("periods", "granularity").get(name).length >= 6) ?? granularities.at(-1) ?? "year";
  const periods = () => by("periods", "granularity").get(granularity) ?? [];
  const periodName = (date) => {
    if (!date) return "";
    const [year, month] = date.split("-");
    return granularity === "year" ? year : granularity === "quarter" ? `${year} Q${Math.ceil(month / 3)}` : `${year}-${month}`;
  };
  const time = (date) => Date.parse(`${date}T12:00:00Z`);

  const MONTHS = { year: 12, quarter: 3, month: 1 };
  function nextPeriod(date) {
    const [year, month] = date.split("-").map(Number);
    return new Date(Date.UTC(year, month - 1 + MONTHS[granularity], 1)).toISOString().slice(0, 10);
  }
  // The place of a period in the calendar: to a slope, a gap between periods counts as the time it is.
  function numberOf(date) {
    const [year, month] = date.split("-").map(Number);
    return (12 * year + month - 1) / MONTHS[granularity];
  }
  // Where the bar of a period stands: with a little room to the next.
  function bounds(date) {
    const [start, end] = [time(date), time(nextPeriod(date))];
    return { period: start + 0.06 * (end - start), end: end - 0.06 * (end - start) };
  }
  const span = () => [time(periods()[0].period_start), time(nextPeriod(periods().at(-1).period_start))];

  // Occurrences by period, periods without any included.
  function series(counted, isShare = false) {
    const found = new Map((counted ?? []).filter((row) => row.granularity === granularity).map((row) => [row.period_start, row]));
    return periods().map((period) => {
      const row = found.get(period.period_start);
      return {
        period: time(period.period_start),
        number: numberOf(period.period_start),
        value: isShare ? row?.share ?? 0 : period.period_tokens ? (10000 * (row?.occurrences ?? 0)) / period.period_tokens : 0,
        occurrences: row?.occurrences ?? 0,
        documents: row?.documents ?? 0,
        total: period.period_documents,
        partial: period.is_partial,
      };
    });
  }

  function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  }

  // The Theil-Sen line through the medians of time and value, and the lines of both ends of its slope's interval.
  function trendLine(verdict, points) {
    const finished = points.filter((point) => !point.partial);
    if (verdict.slope === null || finished.length < 2) return null;
    const middle = median(finished.map((point) => point.number));
    const level = median(finished.map((point) => point.value));
    return finished.map((point) => {
      const [line, ...ends] = [verdict.slope, verdict.slope_low, verdict.slope_high].map((slope) => level + slope * (point.number - middle));
      return { period: point.period, line, low: Math.min(...ends), high: Math.max(...ends) };
    });
  }

  // A curve by period, where there are periods.
  function drawCurve(place, given) {
    if (!given.points.length) return place.replaceChildren(make("p", { class: "quiet" }, "No document has a date."));
    return charts.curve(place, { granularity, ...given });
  }

  // A small line without axes, for tables.
  function spark(points) {
    const top = Math.max(...points.map((point) => point.value)) || 1;
    const step = 96 / Math.max(1, points.length - 1);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    for (const [name, value] of Object.entries({ viewBox: "0 0 100 24", class: "spark", "aria-hidden": "true" })) svg.setAttribute(name, value);
    line.setAttribute("points", points.map((point, index) => `${(2 + index * step).toFixed(1)},${(22 - (20 * point.value) / top).toFixed(1)}`).join(" "));
    svg.append(line);
    return svg;
  }

  // ---- tables ----

  const announce = (text) => { byId("announcement").textContent = text; };
  let tables = 0;

  // Give rows a filter, sorting by any column, and pages. A row is its cells' values, its text, and how to make its element.
  function table(heads, items, { name, pageSize = 20, existing = null }) {
    const body = existing?.tBodies[0] ?? make("tbody");
    const order = { column: -1, isAscending: true };
    let shown = pageSize;
    let found = items;
    const status = make("span", { class: "quiet" });
    const more = make("button", { type: "button", onclick: () => { shown += Math.max(pageSize, 50); fill(); } }, "Show more");
    const id = `filter-${(tables += 1)}`;
    const filter = make("input", { type: "search", id, autocomplete: "off", spellcheck: "false" });
    const buttons = heads.map((head, column) => (head.isPicture ? make("span", {}, head.text) : make("button", { type: "button", onclick: () => sort(column) }, head.text)));
    const row = make("tr", {}, heads.map((head, column) => make("th", { scope: "col", class: head.isNumber ? "number" : null }, buttons[column])));

    function fill() {
      body.replaceChildren(...found.slice(0, shown).map((item) => (item.element ??= item.make())));
      more.hidden = found.length <= shown;
      status.textContent = found.length > shown ? `${count(shown)} of ${count(found.length)} shown` : found.length === items.length ? plural(items.length, "row") : `${plural(found.length, "row")} of ${count(items.length)}`;
    }
    function update() {
      const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      found = items.filter((item) => wanted.every((word) => (item.text ??= item.values.join(" ").toLowerCase()).includes(word)));
      if (order.column >= 0) {
        const sign = order.isAscending ? 1 : -1;
        const value = (item) => item.values[order.column];
        found = [...found].sort((a, b) => {
          const [first, second] = [value(a), value(b)];
          if (first === second) return 0;
          if (first === null || first === "") return 1; // what is not known comes last either way
          if (second === null || second === "") return -1;
          return sign * (typeof first === "number" && typeof second === "number" ? first - second : String(first).localeCompare(String(second), "en"));
        });
      }
      shown = pageSize;
      fill();
    }
    function sort(column) {
      order.isAscending = order.column === column ? !order.isAscending : !heads[column].isNumber;
      order.column = column;
      [...row.cells].forEach((cell, index) => (index === column ? cell.setAttribute("aria-sort", order.isAscending ? "ascending" : "descending") : cell.removeAttribute("aria-sort")));
      update();
      announce(`${name} sorted by ${heads[column].text}, ${order.isAscending ? "ascending" : "descending"}`);
    }
    filter.addEventListener("input", () => { update(); announce(`${name}: ${plural(found.length, "row")}`); });

    const whole = existing ?? make("table", {}, make("thead", {}), body);
    whole.tHead.replaceChildren(row);
    if (!whole.caption) whole.prepend(make("caption", { class: "visually-hidden" }, name));
    const bar = make("div", { class: "bar", hidden: items.length <= 5 }, make("label", { for: id }, `Filter ${name.toLowerCase()}`), filter, status);
    const foot = make("p", { class: "more" }, more);
    fill();
    if (existing) {
      existing.parentElement.before(bar);
      existing.parentElement.after(foot);
      return null;
    }
    return [bar, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table of ${name.toLowerCase()}` }, whole), foot];
  }

  // A table of an answer's rows: each column has a head, a value to sort by and, if that is not enough, what to show.
  function rowsTable(records_, columns, options) {
    const items = records_.map((record) => ({
      values: columns.map((column) => column.value(record)),
      make: () => make("tr", {}, columns.map((column) => make("td", { class: column.isNumber ? "number" : column.isDate ? "date" : column.isLong ? "long" : null },
        (column.show ?? ((row) => { const value = column.value(row); return value === null ? "" : typeof value === "number" ? count(value) : make("bdi", {}, clip(String(value))); }))(record)))),
    }));
    return table(columns, items, options);
  }

  for (const existing of document.querySelectorAll("table[data-table]")) {
    const heads = [...existing.tHead.rows[0].cells].map((cell) => ({ text: cell.textContent, isNumber: cell.classList.contains("number") }));
    const items = [...existing.tBodies[0].rows].map((element) => ({
      element,
      values: [...element.cells].map((cell, column) => (heads[column].isNumber ? Number(cell.textContent.replaceAll(",", "")) : cell.textContent.trim())),
    }));
    table(heads, items, { name: existing.dataset.table, pageSize: Number(existing.dataset.rows), existing });
  }

  // ---- the numbers behind a figure ----

  function csv(answer) {
    const cell = (value) => {
      if (value === null || value === undefined) return "";
      // A spreadsheet takes a text that begins so for a formula.
      const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const names = Object.keys(answer.columns);
    return [names, ...records(answer).map((row) => names.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n");
  }
  async function answerOf(name) {
    if (!(name in answers)) await texts();
    return answers[name];
  }
  async function download(name) {
    const file = new Blob(["\ufeff", csv(await answerOf(name))], { type: "text/csv;charset=utf-8" });
    const anchor = make("a", { href: URL.createObjectURL(file), download: `${name.replace(/[^\w-]+/g, "_").slice(0, 80)}.csv` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  }
  async function source(name) {
    const answer = await answerOf(name);
    byId("source-title").textContent = name.replaceAll("_", " ");
    byId("source-sql").textContent = answer.sql;
    byId("source-copy").onclick = () => navigator.clipboard?.writeText(answer.sql).then(() => announce("The SQL is copied"));
    byId("source-csv").onclick = () => download(name);
    const all = records(answer);
    const heads = Object.keys(answer.columns).map((text) => ({
      text,
      isNumber: all.some((row) => typeof row[text] === "number"),
      value: (row) => row[text],
    }));
    byId("source-rows").replaceChildren(...rowsTable(all.slice(0, 2000), heads, { name: "Rows", pageSize: 20 }));
    byId("source").showModal();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-csv], button[data-sql]");
    if (button?.dataset.csv) download(button.dataset.csv);
    else if (button) source(button.dataset.sql);
  });

  // The numbers of one curve, as rows of an answer of their own with the SQL that gives them.
  function ownSources(thing, found, view, column, value) {
    const shown = (found ?? []).filter((row) => row.granularity === granularity);
    const columns = Object.keys(shown[0] ?? {}).filter((name) => name !== column && name !== "granularity");
    if (!shown.length) return null;
    const name = `${thing} by ${granularity}`;
    const quoted = value.replaceAll("'", "''");
    answers[name] = {
      sql: `select ${columns.join(", ")}\nfrom ${view}\nwhere ${column} = '${quoted}' and granularity = '${granularity}'\norder by ${columns.includes("variant") ? "period_start, variant" : "period_start"};\n`,
      columns: Object.fromEntries(columns.map((each) => [each, shown.map((row) => row[each])])),
    };
    return make("p", { class: "sources" },
      make("button", { type: "button", "data-csv": name, "aria-label": `Download ${clip(name)} as CSV` }, "CSV"),
      make("button", { type: "button", "data-sql": name, "aria-label": `Show the SQL and the rows of ${clip(name)}` }, "SQL"));
  }

  // ---- documents and sentences ----

  const documentOf = (id) => indexed("documents", "document_id").get(id);
  const titleOf = (row) => row.title || row.path;
  // As much of a date as is stated.
  const stated = (date, precision) => date?.slice(0, { year: 4, month: 7 }[precision]);
  const dateOf = (row) => stated(row.publication_date, row.publication_date_precision) ?? stated(row.event_date, row.event_date_precision);
  const documentLink = (id, passage = null) => {
    const row = documentOf(id);
    return row
      ? make("span", {}, make("a", { href: `#document/${id}${passage ? `/${encodeURIComponent(passage)}` : ""}` }, make("bdi", {}, clip(titleOf(row), 110))), dateOf(row) ? make("span", { class: "quiet date" }, ` ${dateOf(row)}`) : "")
      : quiet(id);
  };
  // A text as an expression that finds it, broken over lines as well.
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\s+/g, "\\s+");
  // Any of some expressions, from the beginning of a word to the end of one.
  const wholeWords = (expressions, flags = "") => new RegExp(`(?<![\\p{L}\\p{N}])(${expressions.join("|")})(?![\\p{L}\\p{N}])`, `gu${flags}`);

  // How a word is inflected, by the end of its lemma; and what may as well be another word, as "banker" is not of "bank"
  // though "higher" is of "high".
  const INFLECTIONS = [
    [/y$/, "(?:y(?:s|ed|ing)?|ie[sd])"],
    [/is$/, "[ie]s"],
    [/e$/, "(?:e[sd]?|e?ing)"],
    [/(?:[sxzo]|[cs]h)$/, "$&(?:e?s|ed|ing)?"],
    [/[bdgklmnprtv]$/, "$&(?:s|(?:$&)?(?:ed|ing))?"],
    [/$/, "(?:s|ed|ing)?"],
  ];
  const RARER = [
    [/y$/, "ie(?:r|st)"],
    [/e$/, "(?:e(?:r|st|n)|ten)"],
    [/[a-z]$/, "$&(?:(?:$&)?e(?:r|st|n)|n|t)"],
  ];
  function inflected(lemma, isRare) {
    if (lemma.length < 3) return `${literal(lemma)}s?`; // with more behind them, two letters are another word
    const forms = (endings) => endings.filter(([end]) => end.test(lemma)).slice(0, 1).map(([end, ending]) => {
      const known = lemma.match(end)[0];
      return literal(lemma.slice(0, lemma.length - known.length)) + ending.replaceAll("$&", known);
    });
    return `(?:${[...forms(INFLECTIONS), ...(isRare ? forms(RARER) : [])].join("|")})`;
  }
  // Where a text has a term, whose words are known by their lemmas, or a wording, which in capitals keeps its case.
  function pattern(term, text) {
    const words = term.split(/[\s-]+/).filter(Boolean);
    const flags = term.length <= 5 && term === term.toUpperCase() ? "" : "i";
    const find = (isRare) => wholeWords([words.map((word) => inflected(word, isRare)).join("['’]?[\\s\\p{Pd}]+")], flags);
    return text.search(find(false)) < 0 ? find(true) : find(false);
  }
  const marked = (text, expression) => text.split(expression).map((part, index) => (index % 2 ? make("mark", {}, part) : part));
  function sentences(found, expressionOf) {
    if (!found?.length) return make("p", { class: "quiet" }, "None in dated documents that are here in full.");
    return make("ul", { class: "sentences" }, found.map((row) => make("li", {},
      make("p", { dir: "auto" }, marked(clip(row.text, 600), expressionOf(row.text))),
      make("p", { class: "where" }, documentLink(row.document_id, row.passage_id)))));
  }

  // ---- trends ----

  const VERDICTS = {
    rising: "Rising", falling: "Falling", burst: "Bursting", vanished: "Vanished", steady: "Steady", insufficient: "Insufficient evidence",
  };
  const verdictOf = (term) => by("trends", "term", "granularity").get(`${term}\t${granularity}`)?.[0];
  const inUndated = (undated, dated) => (undated ? `${plural(undated, "occurrence")} in undated documents ${dated ? "besides" : "only"}` : "");
  const pointsOf = (term) => series(by("term_periods", "term").get(term));
  function evidence(row) {
    const parts = [`${plural(row.occurrences, "occurrence")} in ${plural(row.documents, "document")}, ${plural(row.periods, "period")}`];
    if (row.slope !== null) parts.push(`slope ${few(row.slope)} [${few(row.slope_low)}, ${few(row.slope_high)}] per ${row.granularity}, q ${chance(row.q_value)}`);
    if (row.burst_start) parts.push(`burst ${periodName(row.burst_start)} to ${periodName(row.burst_end)}, q ${chance(row.burst_q_value)}`);
    if (row.verdict === "vanished") parts.push(`last seen ${row.last_seen_date}, q ${chance(row.absence_q_value)}`);
    if (row.gate) parts.push(row.gate);
    return parts.join(" · ");
  }
  function curveOf(place, term, row, height) {
    const points = pointsOf(term);
    drawCurve(place, {
      points,
      height,
      title: term,
      trend: row && trendLine(row, points),
      burst: row?.burst_start ? { start: time(row.burst_start), end: time(nextPeriod(row.burst_end)) } : null,
    });
  }
  function termCard(row) {
    const place = make("div", { class: "chart" });
    curveOf(place, row.term, row, 80);
    return make("article", { class: "card" }, make("h4", {}, link("term", row.term, clip(row.term, 60))), place, make("p", { class: "evidence" }, evidence(row)));
  }
  const strength = {
    rising: (row) => -row.tau, falling: (row) => row.tau, burst: (row) => -row.burst_strength, vanished: (row) => row.absence_q_value,
    steady: (row) => -row.documents, insufficient: (row) => -row.documents,
  };
  function showTrends() {
    const counted = by("verdict_counts", "granularity").get(granularity) ?? [];
    const judged = by("trends", "granularity", "verdict");
    byId("verdicts").replaceChildren(...Object.entries(VERDICTS).map(([verdict, title]) => {
      const total = counted.filter((row) => row.verdict === verdict).reduce((sum, row) => sum + row.terms, 0);
      const isTrend = verdict !== "steady" && verdict !== "insufficient";
      const best = [...(judged.get(`${granularity}\t${verdict}`) ?? [])].sort((a, b) => strength[verdict](a) - strength[verdict](b) || (a.term < b.term ? -1 : 1)).slice(0, isTrend ? 12 : 6);
      const head = make("h3", {}, `${title} `, quiet(plural(total, "term")));
      if (isTrend) return make("div", {}, head, best.length ? make("div", { class: "cards" }, best.map(termCard)) : make("p", { class: "quiet" }, "None with the evidence for it."));
      const fold = make("details", {}, make("summary", {}, `${title}: ${plural(total, "term")}${best.length ? `, such as ${best.slice(0, 3).map((row) => row.term).join(", ")}` : ""}`));
      fold.addEventListener("toggle", () => fold.append(make("div", { class: "cards" }, best.map(termCard))), { once: true });
      return fold;
    }));
    byId("verdict-counts").replaceChildren(...rowsTable(counted, [
      { text: "Verdict", value: (row) => row.verdict },
      { text: "What is lacking", isLong: true, value: (row) => row.gate },
      { text: "Terms", isNumber: true, value: (row) => row.terms },
    ], { name: "Verdicts" }));
  }

  // ---- terms ----

  function showTermTable() {
    const shown = rows("terms").map((row) => ({ ...row, judged: verdictOf(row.term) }));
    byId("term-table").replaceChildren(...rowsTable(shown, [
      { text: "Term", value: (row) => row.term, show: (row) => link("term", row.term, clip(row.term, 80)) },
      { text: "Documents", isNumber: true, value: (row) => row.document_count },
      { text: "Occurrences", isNumber: true, value: (row) => row.occurrences },
      { text: "Undated", isNumber: true, value: (row) => row.undated_occurrences },
      { text: "Verdict", value: (row) => row.judged?.verdict ?? "" },
      { text: "By period", isPicture: true, value: () => "", show: (row) => spark(pointsOf(row.term)) },
    ], { name: "Terms", pageSize: 15 }));
  }
  function detail(kind, title, ...content) {
    const place = byId(`${kind}-detail`);
    place.replaceChildren(make("h3", { tabindex: "-1" }, title), ...content.flat().filter(Boolean));
    return place;
  }
  function showTerm(given) {
    const term = given.trim().toLowerCase();
    const row = indexed("terms", "term").get(term);
    byId("term-input").value = term;
    if (!row) {
      const near = rows("terms").filter((other) => other.term.includes(term) || term.includes(other.term)).slice(0, 8);
      return detail("term", make("bdi", {}, clip(term)), make("p", {}, "This report does not hold the term. ", make("code", {}, `corpus explain trend "${clip(term)}"`), " asks the warehouse."),
        near.length ? make("p", {}, "Near it: ", near.flatMap((other, index) => [index ? ", " : "", link("term", other.term, other.term)])) : null);
    }
    const judged = verdictOf(term);
    const dated = row.occurrences - row.undated_occurrences;
    const place = make("div", { class: "chart" });
    const shown = detail("term", make("bdi", {}, clip(row.term)),
      make("p", {}, make("strong", {}, judged ? VERDICTS[judged.verdict] : "Not judged"), [judged ? evidence(judged) : dated ? "its documents are dated by their year alone" : "", inUndated(row.undated_occurrences, dated)].filter(Boolean).map((text) => ` · ${text}`)),
      make("figure", {}, make("figcaption", {}, `Per 10,000 words by ${granularity}`), place),
      ownSources(term, by("term_periods", "term").get(term), "keyword_counts", "term", term),
      make("h4", {}, "Its latest sentences"), sentences(by("term_sentences", "term").get(term), (text) => pattern(term, text)));
    curveOf(place, term, judged, 160);
    return shown;
  }
  byId("term-list").append(...rows("terms").map((row) => make("option", { value: row.term })));
  byId("term-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const term = byId("term-input").value.trim();
    if (term) go(`term/${encodeURIComponent(term)}`);
  });

  // ---- entities ----

  const entityOf = (id) => indexed("entities", "entity_id").get(id);
  function showEntityTable() {
    byId("entity-table").replaceChildren(...rowsTable(rows("entities"), [
      { text: "Entity", value: (row) => row.name, show: (row) => link("entity", row.entity_id, clip(row.name, 80)) },
      { text: "Kind", value: (row) => row.label },
      { text: "Mentions", isNumber: true, value: (row) => row.mention_count },
      { text: "Documents", isNumber: true, value: (row) => row.document_count },
      { text: "First", isDate: true, value: (row) => row.first_date },
      { text: "Last", isDate: true, value: (row) => row.last_date },
      { text: "By period", isPicture: true, value: () => "", show: (row) => spark(series(by("entity_periods", "entity_id").get(row.entity_id))) },
    ], { name: "Entities", pageSize: 15 }));
  }
  const pairsOf = (id) => rows("entity_pairs").flatMap((pair) => (pair.entity_id_a === id ? [[pair.entity_id_b, pair.name_b, pair.sentences]] : pair.entity_id_b === id ? [[pair.entity_id_a, pair.name_a, pair.sentences]] : []));
  function showEntity(id) {
    const row = entityOf(id);
    if (!row) return detail("entity", "Not among the entities shown", make("p", {}, make("code", {}, 'corpus explain entity "…"'), " asks the warehouse."));
    const place = make("div", { class: "chart" });
    const partners = pairsOf(id).slice(0, 12);
    const forms = [row.name, ...row.aliases.split(" · ")].filter(Boolean).sort((a, b) => b.length - a.length);
    const shown = detail("entity", make("bdi", {}, clip(row.name)),
      make("p", {}, `${row.label} · ${plural(row.mention_count, "mention")} in ${plural(row.document_count, "document")}`, row.aliases ? quiet(" · also ", make("bdi", {}, clip(row.aliases, 300))) : ""),
      make("figure", {}, make("figcaption", {}, `Mentions per 10,000 words by ${granularity}`), place),
      ownSources(row.name, by("entity_periods", "entity_id").get(id), "entity_trends", "entity_id", id),
      partners.length ? [make("h4", {}, "Named in one sentence with"), make("p", {}, partners.flatMap(([other, name, amount], index) => [index ? ", " : "", link("entity", other, name), quiet(` ${count(amount)}`)]))] : [],
      make("h4", {}, "Its latest sentences"), sentences(by("entity_sentences", "entity_id").get(id), () => wholeWords(forms.map(literal))));
    drawCurve(place, { points: series(by("entity_periods", "entity_id").get(id)), height: 160, title: row.name, unit: "mentions per 10,000 words" });
    return shown;
  }
  function showPairs() {
    const pairs = rows("entity_pairs");
    if (!pairs.length) {
      byId("pairs-chart").replaceChildren(make("p", { class: "quiet" }, "No two of them stand in one sentence."));
      return;
    }
    const most = rows("entities").filter((row) => pairs.some((pair) => pair.entity_id_a === row.entity_id || pair.entity_id_b === row.entity_id)).slice(0, 20);
    // Two entities may have one name; the chart tells them apart by their kind.
    const names = new Map(most.map((row) => [row.entity_id, most.filter((other) => other.name === row.name).length > 1 ? `${row.name} (${row.label})` : row.name]));
    const cells = pairs.filter((pair) => names.has(pair.entity_id_a) && names.has(pair.entity_id_b)).flatMap((pair) => [
      [pair.entity_id_a, pair.entity_id_b], [pair.entity_id_b, pair.entity_id_a],
    ].map(([a, b]) => ({ id: b, a: names.get(a), b: names.get(b), sentences: pair.sentences })));
    charts.matrix(byId("pairs-chart"), { rows: cells, names: [...names.values()], open: (cell) => go(`entity/${encodeURIComponent(cell.id)}`), title: "Sentences that name two entities" });
    byId("pair-table").replaceChildren(...rowsTable(pairs, [
      { text: "Entity", value: (row) => row.name_a, show: (row) => link("entity", row.entity_id_a, row.name_a) },
      { text: "With", isLong: true, value: (row) => row.name_b, show: (row) => link("entity", row.entity_id_b, row.name_b) },
      { text: "Sentences", isNumber: true, value: (row) => row.sentences },
    ], { name: "Pairs", pageSize: 15 }));
  }

  // ---- topics ----

  const topicOf = (id) => indexed("topics", "topic_id").get(id);
  function topicCurve(place, row, height) {
    drawCurve(place, { points: series(by("topic_periods", "topic_id").get(row.topic_id), true), height, title: row.label, unit: "share of the period", isShare: true });
  }
  function showTopicCards() {
    byId("topic-cards").replaceChildren(...rows("topics").map((row) => {
      const place = make("div", { class: "chart" });
      topicCurve(place, row, 70);
      const top = (by("topic_terms", "topic_id").get(row.topic_id) ?? []).slice(0, 8).map((term) => term.term).join(", ");
      return make("article", { class: "card" }, make("h4", {}, link("topic", row.topic_id, row.label)), place, make("p", { class: "evidence" }, `${percent(row.share ?? 0)} of the corpus · ${top}`));
    }));
    byId("lineage-table").replaceChildren(...(rows("topic_lineage").length ? rowsTable(rows("topic_lineage"), [
      { text: "Relation", value: (row) => row.relation },
      { text: "From", isLong: true, value: (row) => row.from_topic },
      { text: "To", isLong: true, value: (row) => row.to_topic, show: (row) => (topicOf(row.to_topic_id) ? link("topic", row.to_topic_id, row.to_topic) : row.to_topic ?? "") },
      { text: "Likeness", isNumber: true, value: (row) => row.similarity, show: (row) => (row.similarity === null ? "" : row.similarity.toFixed(2)) },
      { text: "Refit", isNumber: true, value: (row) => row.refit },
    ], { name: "Lineage of topics", pageSize: 15 }) : [make("p", { class: "quiet" }, "The topics have been fitted once; a refit will say which it continues.")]));
  }
  function showTopic(id) {
    const row = topicOf(id);
    if (!row) return detail("topic", "Not a topic of the active model");
    const place = make("div", { class: "chart" });
    const terms = by("topic_terms", "topic_id").get(id) ?? [];
    const shown = detail("topic", make("bdi", {}, row.label),
      make("p", {}, `${percent(row.share ?? 0)} of the corpus`, row.coherence_npmi === null ? "" : ` · coherence ${row.coherence_npmi.toFixed(2)}`, quiet(` · ${row.topic_id}`)),
      make("p", {}, terms.flatMap((term, index) => [index ? ", " : "", indexed("terms", "term").has(term.term) ? link("term", term.term, term.term) : term.term, quiet(` ${percent(term.weight)}`)])),
      make("figure", {}, make("figcaption", {}, `Share of the words that topics account for, by ${granularity}`), place),
      ownSources(row.label, by("topic_periods", "topic_id").get(id), "topic_trends", "topic_id", id),
      make("h4", {}, "The passages that carry it"),
      make("ul", { class: "sentences" }, (by("topic_passages", "topic_id").get(id) ?? []).map((passage) => make("li", {},
        make("p", { dir: "auto" }, clip(passage.text, 900)),
        make("p", { class: "where" }, documentLink(passage.document_id, passage.passage_id), quiet(` · ${percent(passage.weight)} of the passage`))))));
    topicCurve(place, row, 160);
    return shown;
  }

  // ---- watchlist ----

  function conceptChart(place, row, height) {
    const counted = by("concept_periods", "concept").get(row.concept) ?? [];
    const totals = grouped(counted, (part) => part.variant);
    const order = [...totals.keys()].sort((a, b) => totals.get(b).length - totals.get(a).length || (a < b ? -1 : 1));
    const found = counted.filter((part) => part.granularity === granularity).map((part) => ({ ...bounds(part.period_start), variant: part.variant, occurrences: part.occurrences }));
    if (!found.length) return place.replaceChildren(make("p", { class: "quiet" }, "Nowhere in dated documents."));
    return charts.stacked(place, { rows: found, granularity, field: "variant", amount: "occurrences", title: `${row.concept} by wording`, order, span: span(), height });
  }
  function conceptSummary(row) {
    const drawn = (by("concept_periods", "concept", "granularity").get(`${row.concept}\t${granularity}`) ?? []).reduce((sum, part) => sum + part.occurrences, 0);
    return [
      row.occurrences || !row.undated_occurrences ? `${plural(row.occurrences, "occurrence")} in ${plural(row.documents, "document")}` : "",
      drawn && drawn < row.occurrences ? `${count(row.occurrences - drawn)} of them in documents dated by their year alone` : "",
      inUndated(row.undated_occurrences, row.occurrences),
      row.note,
    ].filter(Boolean).join(" · ");
  }
  function showConceptCards() {
    byId("concept-cards")?.replaceChildren(...rows("concepts").map((row) => {
      const place = make("div", { class: "chart" });
      conceptChart(place, row, 90);
      return make("article", { class: "card" }, make("h4", {}, link("concept", row.concept, row.concept)), place, make("p", { class: "evidence" }, conceptSummary(row)));
    }));
  }
  function showConcept(concept) {
    const row = indexed("concepts", "concept").get(concept);
    if (!row) return byId("watchlist");
    const place = make("div", { class: "chart" });
    const shown = detail("concept", make("bdi", {}, row.concept), make("p", {}, conceptSummary(row), quiet(" · ", row.variants)), place,
      ownSources(concept, by("concept_periods", "concept").get(concept), "concept_variants", "concept", concept),
      [...grouped(by("concept_sentences", "concept").get(concept) ?? [], (part) => part.variant)].flatMap(([variant, found]) => [make("h4", {}, make("bdi", {}, variant)), sentences(found, (text) => pattern(variant, text))]));
    conceptChart(place, row, 160);
    return shown;
  }

  // ---- documents ----

  function showDocumentTable() {
    byId("document-table").replaceChildren(...rowsTable(rows("documents"), [
      { text: "Document", value: (row) => titleOf(row), show: (row) => [link("document", row.document_id, clip(titleOf(row))), row.duplicate_of ? make("span", { class: "tag" }, "duplicate") : "", row.counted_by || row.duplicate_of ? "" : make("span", { class: "tag" }, "undated"), row.is_in_full ? "" : make("span", { class: "tag" }, "listed only")] },
      { text: "Publisher", isLong: true, value: (row) => row.publisher, show: (row) => make("bdi", {}, clip(row.publisher ?? "", 60)) },
      { text: "Date", isDate: true, value: dateOf },
      { text: "Words", isNumber: true, value: (row) => row.word_count },
      { text: "Language", value: (row) => row.language },
      { text: "File", isLong: true, value: (row) => row.path, show: (row) => make("bdi", { class: "quiet" }, clip(row.path, 70)) },
    ], { name: "Documents", pageSize: 20 }));
  }

  // A passage with the entities in it marked; offsets count code points, as Python does.
  function highlighted(text, mentions) {
    const units = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
    const cut = (start, end) => (typeof units === "string" ? units.slice(start, end) : units.slice(start, end).join(""));
    const parts = [];
    let at = 0;
    for (const mention of mentions ?? []) {
      if (mention.start_char < at) continue;
      const entity = entityOf(mention.entity_id);
      const name = cut(mention.start_char, mention.end_char);
      parts.push(cut(at, mention.start_char), entity
        ? make("a", { class: "entity", href: `#entity/${encodeURIComponent(mention.entity_id)}`, title: `${entity.name} (${entity.label})` }, name)
        : make("span", { class: "entity", title: mention.label }, name));
      at = mention.end_char;
    }
    return [...parts, cut(at, units.length)];
  }
  const fact = (name, ...value) => [make("dt", {}, name), make("dd", {}, ...value)];
  async function showDocument(id, passage) {
    const row = documentOf(id);
    if (!row) return detail("document", "Not a document of this report", make("p", { class: "quiet" }, id));
    const facts = make("dl", { class: "facts" },
      ["publisher", "author", "speaker", "language", "path"].filter((name) => row[name]).flatMap((name) => fact(name, make("bdi", {}, clip(row[name], 300)))),
      fact("words", count(row.word_count)),
      fact("counted by", row.counted_by ? `its date of ${row.counted_by}` : row.duplicate_of ? "not counted: it repeats another document" : "no period: it has no date"),
      row.duplicate_of ? fact("repeats", documentLink(row.duplicate_of)) : []);
    const title = make("bdi", {}, clip(titleOf(row), 2000));
    if (!row.is_in_full) {
      if (dateOf(row)) facts.append(...fact(row.publication_date ? "published" : "of the event", dateOf(row)));
      return detail("document", title, facts, make("p", { class: "quiet" }, "Its text is not in this report. This reads it: "), make("pre", { tabindex: "0" }, make("code", {}, `corpus sql "select text from passages where document_id = '${id}' order by position"`)));
    }
    await texts();
    const dates = by("document_dates", "document_id").get(id) ?? [];
    const topics = by("document_topics", "document_id").get(id) ?? [];
    const mentions = by("mentions", "passage_id");
    const body = (by("passages", "document_id").get(id) ?? []).map((part) => {
      const attributes = { id: `passage-${part.passage_id}`, class: `passage ${part.kind}`, dir: "auto", tabindex: "-1" };
      if (part.kind !== "boilerplate") return make(part.kind === "title" || part.kind === "heading" ? "h4" : "p", attributes, highlighted(part.text, mentions.get(part.passage_id)));
      return make("p", attributes, make("span", { class: "tag" }, `boilerplate: ${(part.rule ?? "").replaceAll("_", " ")}`), " ", part.text);
    });
    const shown = detail("document", title, facts,
      make("h4", {}, "Dates found"),
      dates.length ? make("ul", { class: "plain" }, dates.map((date) => make("li", {}, date.is_chosen ? make("strong", {}, `${date.role} ${stated(date.date, date.precision)}`) : `${date.role} ${stated(date.date, date.precision) ?? "?"}`, date.precision && date.precision !== "day" ? ` (${date.precision} only)` : "", date.is_chosen ? make("span", { class: "tag" }, "chosen") : "", date.problem ? make("span", { class: "tag" }, date.problem.replaceAll("_", " ")) : "", quiet(` ${date.source.replaceAll("_", " ")}: `, make("q", {}, date.evidence))))) : make("p", { class: "quiet" }, "None: the document is left out of every period."),
      make("h4", {}, "Topics"),
      topics.length ? make("ul", { class: "plain" }, topics.map((topic) => make("li", {}, link("topic", topic.topic_id, topicOf(topic.topic_id)?.label ?? topic.topic_id), quiet(` ${percent(topic.weight)}`)))) : make("p", { class: "quiet" }, "None."),
      make("div", { class: "text" }, body));
    return (passage && byId(`passage-${passage}`)) || shown;
  }

  // ---- the corpus ----

  function showCorpus() {
    const field = byId("colour").value;
    const counted = by("documents_by_period", "granularity").get(granularity) ?? [];
    const amount = (name) => counted.filter((row) => row[field] === name).reduce((sum, row) => sum + row.documents, 0);
    const order = [...new Set(counted.map((row) => row[field]))].sort((a, b) => a.startsWith("(") - b.startsWith("(") || amount(b) - amount(a) || (a < b ? -1 : 1));
    const place = byId("documents-chart");
    if (!counted.length) return place.replaceChildren(make("p", { class: "quiet" }, "No document has a date."));
    return charts.stacked(place, { rows: [...grouped(counted, (row) => `${row.period_start}\t${row[field]}`).values()].map((same) => ({ ...bounds(same[0].period_start), [field]: same[0][field], documents: same.reduce((sum, row) => sum + row.documents, 0) })), granularity, field, amount: "documents", title: `Documents by ${granularity}`, order, span: span() });
  }
  byId("colour").addEventListener("change", showCorpus);

  // ---- links and drawing ----

  const SHOW = { term: showTerm, entity: showEntity, topic: showTopic, concept: showConcept, document: showDocument };
  function go(address) {
    if (location.hash === `#${address}`) follow();
    else location.hash = address;
  }
  async function follow(isMoving = true) {
    const [kind, ...rest] = location.hash.slice(1).split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
    if (!Object.hasOwn(SHOW, kind) || !rest.length) return;
    if (byId("source").open) byId("source").close();
    const place = await SHOW[kind](...rest);
    if (!isMoving || !place) return;
    place.scrollIntoView({ block: "start" });
    (place.matches("[tabindex]") ? place : place.querySelector("[tabindex='-1']"))?.focus({ preventScroll: true });
  }
  function drawAll() {
    showCorpus();
    showTrends();
    showTermTable();
    showEntityTable();
    showTopicCards();
    showConceptCards();
  }

  const choice = byId("granularity");
  choice.hidden = granularities.length < 2;
  for (const name of granularities) {
    const radio = make("input", { type: "radio", name: "granularity", value: name, id: `by-${name}`, checked: name === granularity });
    radio.addEventListener("change", () => { granularity = name; drawAll(); follow(false); });
    choice.append(make("span", {}, radio, make("label", { for: radio.id }, name)));
  }
  drawAll();
  showPairs();
  showDocumentTable();
  window.addEventListener("hashchange", () => follow());
  await follow();

  // Where the reader is, in the list of sections.
  const entries = new Map([...document.querySelectorAll(".contents a")].map((entry) => [entry.hash.slice(1), entry]));
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) for (const [id, entry] of entries) id === target.id ? entry.setAttribute("aria-current", "true") : entry.removeAttribute("aria-current");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("main section").forEach((section) => watch.observe(section));
  document.documentElement.dataset.ready = "true";
})();
