// A glossary term shows its definition on hover and on focus; Escape puts it away.

export function showDefinitions() {
  let tip = null;
  let timer = null;
  const hide = () => {
    clearTimeout(timer);
    tip?.remove();
    tip = null;
  };
  const show = (link) => {
    hide();
    const words = document.getElementById(link.getAttribute("aria-describedby"));
    if (!words) return;
    tip = document.createElement("div");
    tip.className = "tip";
    tip.setAttribute("aria-hidden", "true"); // the link is described already
    tip.textContent = words.textContent;
    tip.addEventListener("mouseenter", () => clearTimeout(timer));
    tip.addEventListener("mouseleave", hideSoon);
    document.body.append(tip);
    place(tip, link);
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 180);
  };
  for (const link of document.querySelectorAll("a.term")) {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", hideSoon);
    link.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

function place(tip, link) {
  const at = link.getClientRects()[0];
  const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
  tip.style.left = `${Math.max(12, left) + scrollX}px`;
  tip.style.top = `${at.bottom + 6 + scrollY}px`;
}
