// The review page's own behaviour: which value is chosen, the keys, the boxes on the paper, zoom.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const work = () => $("#work");
  const escaped = (place) => CSS.escape(place);
  let chosen = null;
  let typing = 0;

  const values = () => $$("#fields .field, #grid input[data-place]");
  const valueAt = (place) => values().find((value) => value.dataset.place === place);

  // Choosing a value lights its box, brings it into view and loads what is known of it.
  function choose(value, { focus = true } = {}) {
    if (!value) return;
    const place = value.dataset.place;
    if (focus && document.activeElement !== value) value.focus({ preventScroll: true });
    if (chosen === place && $("#editor .one")) return;
    chosen = place;
    $$(".chosen").forEach((one) => one.classList.remove("chosen"));
    value.classList.add("chosen");
    value.scrollIntoView({ block: "nearest" });
    light(true);
    htmx.ajax("GET", `${work().dataset.case}/fields/${place}`, { target: "#editor", swap: "innerHTML" });
  }

  function light(move) {
    $$(".spot.chosen").forEach((spot) => spot.classList.remove("chosen"));
    if (!chosen) return;
    const spot = $(`.spot[data-place="${escaped(chosen)}"]`);
    if (spot) {
      spot.classList.add("chosen");
      if (move) spot.scrollIntoView({ block: "center", inline: "center", behavior: "auto" });
    } else if (move) {
      const page = valueAt(chosen)?.dataset.page;
      if (page) $(`.sheet[data-page="${escaped(page)}"]`)?.scrollIntoView({ block: "start" });
    }
  }

  function step(by, wanted = () => true) {
    const all = values();
    const now = all.findIndex((value) => value.dataset.place === chosen);
    for (let n = 1; n <= all.length; n += 1) {
      const next = all[(now + by * n + all.length * 2) % all.length];
      if (next && wanted(next)) return choose(next);
    }
  }

  const isOpen = (value) => value.dataset.open === "1";

  function paper(by) {
    const all = $$(".papers > a");
    const now = all.findIndex((link) => link.hasAttribute("aria-current"));
    all[now + by]?.click();
  }

  function zoom(sign) {
    const sheets = $("#sheets");
    if (!sheets) return;
    const now = Number(sheets.style.getPropertyValue("--zoom")) || 1;
    const next = sign === "0" ? 1 : Math.min(4, Math.max(0.5, now * (sign === "+" ? 1.25 : 0.8)));
    sheets.style.setProperty("--zoom", String(next));
    light(true);
  }

  function act(name) {
    $(`#editor button[name=action][value=${name}]`)?.click();
  }

  const keys = {
    j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1),
    n: () => step(1, isOpen), b: () => act("blank"), u: () => act("unreadable"), Enter: () => act("save"),
    e: () => $("#editor [name=text]")?.select(), "[": () => paper(-1), "]": () => paper(1),
    "+": () => zoom("+"), "=": () => zoom("+"), "-": () => zoom("-"), 0: () => zoom("0"),
    "?": () => $("#help")?.showModal(), q: () => location.assign($("[data-queue]").href),
  };

  function inCell(event, cell) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const all = values();
      const columns = $$("input[data-place]", cell.closest("tr")).length || 1;
      choose(all[all.indexOf(cell) + (event.key === "ArrowDown" ? columns : -columns)]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      cell.value = cell.dataset.was;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
      cell.blur();
    } else if (event.key === "Enter" && cell.value === cell.dataset.was) {
      event.preventDefault();
      act("save");
    }
  }

  // In the queue: j and k go from case to case, Enter follows the link that is focused.
  const inQueue = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  function stepCase(event) {
    const cases = $$("#cases .what a");
    const by = inQueue[event.key];
    if (!by || !cases.length || event.target.matches("input, select")) return;
    event.preventDefault();
    const now = cases.indexOf(document.activeElement);
    cases[now < 0 ? 0 : Math.min(Math.max(now + by, 0), cases.length - 1)].focus();
  }

  document.addEventListener("keydown", (event) => {
    if ($("#cases") && !event.ctrlKey && !event.metaKey && !event.altKey) return stepCase(event);
    if (!work() || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const at = event.target;
    if (at.matches("#grid input[data-place]")) return inCell(event, at);
    if (at.matches("input, textarea, select")) {
      if (event.key === "Escape") {
        at.blur();
        valueAt(chosen)?.focus({ preventScroll: true });
      }
      return;
    }
    if (at.matches("button, a, summary") && event.key === "Enter") return;
    const reading = /^[1-9]$/.test(event.key) ? $$("#editor [data-take]")[Number(event.key) - 1] : null;
    const does = reading ? () => reading.click() : keys[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  });

  document.addEventListener("click", (event) => {
    const at = event.target;
    const row = at.closest("tr[data-href]");
    if (row && !at.closest("a, button")) location.assign(row.dataset.href);
    const field = at.closest("#fields .field");
    if (field) choose(field);
    const spot = at.closest(".spot");
    if (spot) choose(valueAt(spot.dataset.place));
    const take = at.closest("[data-take]");
    if (take) {
      const text = $("#editor [name=text]");
      text.value = take.dataset.take;
      text.focus();
    }
    const go = at.closest("[data-go]");
    if (go) {
      const value = valueAt(go.dataset.go);
      const [reading, document_] = go.dataset.go.split(".");
      if (value) choose(value);
      else location.assign(`${work().dataset.case}?document=${reading}.${document_}#${go.dataset.go}`);
    }
    const by = at.closest("[data-zoom]");
    if (by) zoom(by.dataset.zoom);
    if (at.closest("[data-help]")) $("#help")?.showModal();
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#grid input[data-place]")) choose(event.target, { focus: false });
  });

  // A cell that is typed in is judged at once; nothing is kept before it is saved.
  document.addEventListener("input", (event) => {
    const cell = event.target;
    if (!cell.matches("#grid input[data-place]")) return;
    cell.closest("td").classList.toggle("edited", cell.value !== cell.dataset.was);
    judge();
  });
  document.addEventListener("reset", (event) => {
    if (event.target.id !== "grid") return;
    $$("#grid td.edited").forEach((cell) => cell.classList.remove("edited"));
    setTimeout(judge);
  });

  function judge() {
    $("#save").hidden = !$("#grid td.edited");
    clearTimeout(typing);
    typing = setTimeout(() => htmx.trigger("#try", "retry"), 250);
  }

  function lit() {
    const sums = $("#sums");
    if (!sums) return;
    const failing = new Set(sums.dataset.lit.split(" ").filter(Boolean));
    $$("#grid td[data-cell]").forEach((cell) => cell.classList.toggle("lit", failing.has(cell.dataset.cell)));
    $$(".spot").forEach((spot) => spot.classList.toggle("lit", failing.has(spot.dataset.place)));
  }

  // After a value was said: the next one that is open, in another paper where this one has none,
  // and the boxes as they are now.
  function renewed() {
    const at = work().dataset.at;
    chosen = null;
    lit();
    if (!at) return;
    const trouble = $("#work > .notice.bad");
    const now = valueAt(at);
    $$(`.spot[data-place="${escaped(at)}"]`).forEach((spot) => {
      if (!trouble) spot.setAttribute("class", "spot person");
    });
    if (trouble || !values().some(isOpen)) {
      const elsewhere = $$(".papers > a").find((link) => $(".count", link));
      return elsewhere && !trouble ? elsewhere.click() : choose(now);
    }
    chosen = at;
    step(1, isOpen);
  }

  document.addEventListener("htmx:after:swap", () => {
    if (!work()) return;
    if (!work().dataset.seen) {
      work().dataset.seen = "1";
      renewed();
    }
    lit();
    light(false);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!work()) return;
    work().dataset.seen = "1";
    lit();
    const asked = decodeURIComponent(location.hash.slice(1));
    choose(valueAt(asked) ?? values().find(isOpen) ?? values()[0]);
  });
})();
