// The search page: every word must occur in a section; titles weigh more than text.

const box = document.querySelector(".find input");
const list = document.querySelector(".results");
const found = document.querySelector(".found");

export async function start() {
  const entries = await (await fetch("_static/search.json")).json();
  for (const entry of entries) entry.low = fold(`${entry.p} ${entry.h} ${entry.w}`);
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  const look = () => show(entries, box.value);
  box.addEventListener("input", look);
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`);
    look();
  });
  look();
  box.focus();
}

/** Sections that hold every word of the query, best first. */
export function search(entries, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return entries
    .filter((entry) => words.every((word) => entry.low.includes(word)))
    .map((entry) => ({ entry, weight: weigh(entry, words, fold(query).trim()) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ entry }) => entry);
}

function weigh(entry, words, phrase) {
  const [page, heading] = [fold(entry.p), fold(entry.h)];
  let weight = entry.low.includes(phrase) ? 4 : 0;
  if (heading === phrase || (!heading && page === phrase)) weight += 60;
  for (const word of words) {
    if (heading.includes(word)) weight += 20;
    if (page.includes(word)) weight += heading ? 6 : 25;
    weight += Math.min(4, entry.low.split(word).length - 1);
  }
  return weight;
}

function show(entries, query) {
  const results = search(entries, query).slice(0, 30);
  list.replaceChildren(...results.map((entry) => item(entry, query)));
  const sections = results.length === 1 ? "1 section" : `${results.length} sections`;
  found.textContent = query.trim() ? `${sections} for “${query.trim()}”.` : "What are you looking for?";
}

function item(entry, query) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = entry.a;
  link.textContent = entry.h ? `${entry.p}: ${entry.h}` : entry.p;
  line.append(link, snippet(entry.w, fold(query).split(/\s+/).filter(Boolean)));
  return line;
}

/** About 160 characters around the first hit, with the words marked. */
function snippet(text, words) {
  const paragraph = document.createElement("p");
  const low = fold(text);
  const first = Math.max(0, Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), text.length) - 60);
  const start = first === 0 || first >= text.length ? 0 : text.indexOf(" ", first) + 1;
  const part = text.slice(start, start + 170);
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})`, "giu");
  paragraph.append(start ? "… " : "");
  part.split(pattern).forEach((piece, index) => {
    if (index % 2) paragraph.append(Object.assign(document.createElement("mark"), { textContent: piece }));
    else paragraph.append(piece);
  });
  paragraph.append(start + 170 < text.length ? " …" : "");
  return paragraph;
}

/** Letters without case and accents; the length stays, so that places still fit. */
function fold(text) {
  return [...text].map((sign) => (sign.normalize("NFD")[0] ?? sign).toLowerCase()).join("");
}
