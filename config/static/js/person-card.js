// A name that leads to a profile shows a small card, by pointer and by keyboard. It goes with Escape, stays while the
// pointer is on it or the name has the focus (WCAG 1.4.13), and holds nothing to click: the name itself is the link.
const PROFILE = /^\/u\/[^/]+\/$/;
const SOON = 350, LATER = 250;
const kept = new Map();
let card, shown = null, timer = 0, turn = 0;

function make() {
  card = document.createElement("div");
  card.className = "person-card";
  card.id = "person-card";
  card.setAttribute("role", "tooltip");
  card.popover = "manual";
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", () => hideSoon());
  document.body.append(card);
}

const linkOf = (target) => {
  const link = target instanceof Element ? target.closest("main a[href]") : null;
  return link && link.origin === location.origin && PROFILE.test(link.pathname) && !link.hash ? link : null;
};

async function read(path) {
  const { at = 0, html = "" } = kept.get(path) ?? {};
  if (Date.now() - at < 60_000) return html;
  const answer = await fetch(`${path}card/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return "";
  const text = await answer.text();
  kept.set(path, { at: Date.now(), html: text });
  return text;
}

async function show(link) {
  const mine = ++turn;
  const html = await read(link.pathname);
  if (mine !== turn || !html || !link.isConnected) return;
  if (!card) make();
  card.innerHTML = html;
  card.showPopover();
  place(link);
  hush();
  shown = link;
  link.setAttribute("aria-describedby", card.id);
}

function place(link) {
  const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = at.bottom + 4;
  card.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
  card.style.top = `${below + height < innerHeight - 8 ? below : Math.max(8, at.top - height - 4)}px`;
}

function hush() {
  shown?.removeAttribute("aria-describedby");
  shown = null;
}

function hide() {
  turn++;
  clearTimeout(timer);
  hush();
  if (card?.matches(":popover-open")) card.hidePopover();
}

function later(call, after) {
  clearTimeout(timer);
  timer = setTimeout(call, after);
}

const hideSoon = () => later(() => document.activeElement === shown && shown.matches(":focus-visible") || hide(), LATER);

document.addEventListener("pointerover", ({ target, pointerType }) => {
  const link = pointerType === "touch" ? null : linkOf(target);
  if (link === shown && link) clearTimeout(timer);
  else if (link) later(() => show(link), SOON);
});
document.addEventListener("pointerout", ({ target, relatedTarget }) => {
  const link = linkOf(target);
  if (link && !link.contains(relatedTarget)) hideSoon();
});
document.addEventListener("focusin", ({ target }) => {
  const link = linkOf(target);
  if (link?.matches(":focus-visible")) later(() => show(link), SOON);
  else if (shown) hide();
});
document.addEventListener("focusout", ({ target }) => { if (linkOf(target)) hide(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shown) return;
  event.stopPropagation();
  hide();
}, true);
document.addEventListener("scroll", () => { if (shown && !card.matches(":hover")) hide(); }, { passive: true });

// Who pointed at a name, or came to it by keys, before this was loaded need not do it twice.
const early = linkOf(document.querySelector("main a:hover")) ?? linkOf(document.querySelector("main a:focus-visible"));
if (early) later(() => show(early), SOON);
