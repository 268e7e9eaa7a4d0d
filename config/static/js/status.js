// What the page says while it is open: offline and back, toasts, and htmx answers that failed.
const offline = document.querySelector("[data-offline]");
const tell = () => { offline.hidden = navigator.onLine; };
addEventListener("online", tell);
addEventListener("offline", tell);
tell();

// toast("Jonas replied", { url: "/t/4/…" }): a line at the corner that leaves by itself; hovering keeps it.
export function toast(text, { url = "", seconds = 8, template = "" } = {}) {
  const place = document.querySelector("[data-toasts]");
  const line = document.createElement("div");
  line.className = "toast";
  const body = document.createElement(url ? "a" : "span");
  if (url) body.href = url;
  body.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn ghost small";
  close.textContent = "×";
  close.setAttribute("aria-label", template || "Close");
  close.addEventListener("click", () => line.remove());
  line.append(body, close);
  place.append(line);
  while (place.children.length > 3) place.firstElementChild.remove();
  let timer = setTimeout(() => line.remove(), seconds * 1000);
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("pointerleave", () => { timer = setTimeout(() => line.remove(), 3_000); });
}
document.addEventListener("tw:toast", (event) => toast(event.detail.text, event.detail));

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const status = event.detail.xhr?.status;
    const says = document.body.dataset;
    toast({ 403: says.refused, 409: says.stale }[status] ?? says.failed);
  });
}
