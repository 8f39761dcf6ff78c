// What a page can do beyond being read. Each part works alone, and none is needed to read.
import { enliven } from "./recall.mjs";
import { showDefinitions } from "./terms.mjs";

const root = document.documentElement;

/** A small store that forgets quietly where the browser keeps nothing. */
export const store = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private window: nothing is kept */ }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
  },
};

function switchTheme() {
  const button = document.querySelector("button.theme");
  const show = () => button.setAttribute("aria-pressed", root.dataset.theme === "dark");
  show();
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    store.set("theme", root.dataset.theme);
    show();
  });
}

/** Chapters that the reader has ticked off: a set of names, kept on this device. */
const progress = {
  read: () => new Set(JSON.parse(store.get("finished") ?? "[]")),
  write: (names) => store.set("finished", JSON.stringify([...names])),
};

function showProgress() {
  const finished = progress.read();
  for (const item of document.querySelectorAll("li[data-chapter]")) {
    const done = finished.has(item.dataset.chapter);
    item.classList.toggle("is-done", done);
    item.querySelector(".heard")?.remove();
    if (done) item.firstElementChild.insertAdjacentHTML("beforeend", '<span class="heard">, finished</span>');
  }
  const resume = document.querySelector(".resume");
  const open = [...document.querySelectorAll(".all-parts li[data-chapter]:not(.is-done) a")][0];
  if (resume && open && finished.size) {
    resume.href = open.getAttribute("href");
    resume.textContent = `Go on: ${open.querySelector(".title").textContent}`;
  }
  if (resume) resume.hidden = !(open && finished.size);
  const forget = document.querySelector(".forget");
  forget.hidden = finished.size === 0;
}

function keepProgress() {
  showProgress();
  const line = document.querySelector(".done");
  const name = document.querySelector("article[data-chapter]")?.dataset.chapter;
  const button = line?.querySelector("button");
  const show = () => button?.setAttribute("aria-pressed", progress.read().has(name));
  if (line) {
    line.hidden = false;
    show();
    button.addEventListener("click", () => {
      const finished = progress.read();
      if (!finished.delete(name)) finished.add(name);
      progress.write(finished);
      show();
      showProgress();
    });
  }
  document.querySelector(".forget button").addEventListener("click", () => {
    store.remove("finished");
    show();
    showProgress();
  });
}

function offerCopies() {
  for (const block of document.querySelectorAll(".cell_input .highlight, article > section > div > .highlight")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").innerText.trimEnd() + "\n");
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.append(button);
  }
}

/** What scrolls sideways must be within the keyboard's reach, and what does not, need not. */
function reachScrolling() {
  const seen = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const block of document.querySelectorAll("pre, .wide, div.math")) seen.observe(block);
}

function markSection() {
  const links = new Map([...document.querySelectorAll(".on-page a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const link = links.get(target.id);
      if (isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-20% 0px -60% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) seen.observe(section);
  }
}

switchTheme();
keepProgress();
offerCopies();
reachScrolling();
markSection();
showDefinitions();
enliven();
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const box = document.querySelector(".find input");
  if (box.checkVisibility()) box.focus();
  else location.href = "search.html";
});
if (document.body.dataset.page === "search") import("./search.mjs").then((search) => search.start());
