// The writing box: a toolbar, a preview, a draft that stays on this device until it is sent, and a count near the limit.
// Without this script it is a text area that takes Markdown.
const csrf = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const DAYS_30 = 30 * 24 * 3600 * 1000;

for (const box of document.querySelectorAll("[data-composer]")) {
  const area = box.querySelector("textarea");
  const form = area?.closest("form");
  if (!form) continue;
  toolbar(box, area);
  preview(box, area, form);
  draft(box, area, form);
  count(box, area);
  if (box.dataset.files) import("./composer-files.js").then(({ files }) => files(box, area, form));
}

function toolbar(box, area) {
  box.querySelector("[data-tools]").hidden = false;
  const load = () => import(`${document.body.dataset.static}vendor/markdown-toolbar/index.js`).catch(() => box.querySelector("markdown-toolbar").remove());
  area.addEventListener("focus", load, { once: true });
  box.querySelector("markdown-toolbar").addEventListener("pointerenter", load, { once: true });
  box.querySelector("markdown-toolbar").addEventListener("focusin", load, { once: true });
}

function preview(box, area, form) {
  const [write, show, pane] = ["[data-write]", "[data-show-preview]", "[data-preview-pane]"].map((mark) => box.querySelector(mark));
  const turn = (previewing) => {
    area.hidden = previewing;
    pane.hidden = !previewing;
    write.setAttribute("aria-pressed", String(!previewing));
    show.setAttribute("aria-pressed", String(previewing));
  };
  write.addEventListener("click", () => { turn(false); area.focus(); });
  show.addEventListener("click", async () => {
    turn(true);
    try {
      const answer = await fetch(box.dataset.preview, {
        method: "POST", headers: { "X-CSRFToken": csrf(form), "HX-Request": "true" }, body: new URLSearchParams({ body: area.value }),
      });
      if (!answer.ok && answer.status !== 400) throw new Error(String(answer.status));
      pane.innerHTML = await answer.text(); // rendered and sanitised by the service, as the post will be
    } catch {
      pane.textContent = box.querySelector("[data-draft-state]").dataset.failed;
    }
  });
}

function draft(box, area, form) {
  const name = form.dataset.draft;
  if (!name) return;
  const key = `draft:${document.body.dataset.viewer ?? ""}:${name}`;
  const state = box.querySelector("[data-draft-state]");
  const fields = () => [...form.querySelectorAll("textarea, input[type=text], select")].filter((field) => field.name);
  const first = JSON.stringify(fields().map((field) => field.value));
  const kept = read(key);
  const refused = form.querySelector("[data-form-errors]") !== null;
  if (kept && !refused && Date.now() - kept.at < DAYS_30) {
    for (const field of fields()) if (!field.value && kept.values[field.name]) field.value = kept.values[field.name];
    if (area.value) state.textContent = state.dataset.saved;
  }
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (JSON.stringify(fields().map((field) => field.value)) === first) return;
      const values = Object.fromEntries(fields().map((field) => [field.name, field.value]));
      state.textContent = write(key, { at: Date.now(), values }) ? state.dataset.saved : "";
    }, 600);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!event.defaultPrevented && navigator.onLine) localStorage.removeItem(key);
  });
}

function count(box, area) {
  const limit = Number(area.dataset.limit);
  const left = box.querySelector("[data-left]");
  if (!limit) return;
  area.addEventListener("input", () => {
    const rest = limit - area.value.length;
    left.textContent = rest < limit / 10 ? rest.toLocaleString() : "";
    left.classList.toggle("over", rest < 0);
  });
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
}

// “Reply” under a post: say whom it answers, and let it be taken back.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reply-to]");
  const form = document.getElementById("reply");
  const field = form?.querySelector("[name=reply_to]");
  if (!link || !field) return;
  event.preventDefault();
  field.value = link.dataset.replyTo === "1" ? "" : link.dataset.replyTo;
  const note = form.querySelector("[data-answering]");
  if (note) {
    note.hidden = !field.value;
    note.textContent = `${note.dataset.words ?? "@"}${link.dataset.replyName}, #${field.value} `;
    const off = document.createElement("button");
    off.type = "button";
    off.className = "btn ghost small";
    off.textContent = "×";
    off.addEventListener("click", () => { field.value = ""; note.hidden = true; });
    note.append(off);
  }
  form.querySelector("textarea").focus();
  form.scrollIntoView({ block: "center" });
});
