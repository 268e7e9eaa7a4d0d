// The writing box: a toolbar, a preview, a draft that is kept until it is sent, files, and a count near the limit.
// Without this script it is a text area that takes Markdown.
import { draft } from "./composer-drafts.js";

const csrf = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

for (const box of document.querySelectorAll("[data-composer]")) {
  const area = box.querySelector("textarea");
  const form = area?.closest("form");
  if (!form) continue;
  toolbar(box, area);
  preview(box, area, form);
  draft(box, area, form, csrf);
  count(box, area);
  import("./composer-complete.js").then(({ complete }) => complete(box));
  if (box.dataset.files) import("./composer-files.js").then(({ files }) => files(box, area, form));
}

function toolbar(box, area) {
  box.querySelector("[data-tools]").hidden = false;
  const load = () => import(`${document.body.dataset.static}vendor/markdown-toolbar/index.js`).catch(() => box.querySelector("markdown-toolbar").remove());
  area.addEventListener("focus", load, { once: true });
  if (document.activeElement === area) load();
  box.querySelector("markdown-toolbar").addEventListener("pointerenter", load, { once: true });
  box.querySelector("markdown-toolbar").addEventListener("focusin", load, { once: true });
  box.querySelector("[data-spoiler]").addEventListener("click", () => { wrap(area, "||", "||"); });
  box.querySelector("[data-footnote]").addEventListener("click", () => { note(area); });
}

function put(area, text, from, to) {
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// Several lines become a block that opens, a few words are hidden in their line.
function wrap(area, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to);
  area.focus();
  if (chosen.includes("\n")) return put(area, `${from && value[from - 1] !== "\n" ? "\n" : ""}:::spoiler\n${chosen.replace(/\n$/, "")}\n:::\n`, from, to);
  put(area, before + chosen + after, from, to);
  if (!chosen) area.setSelectionRange(from + before.length, from + before.length);
}

// The next free number where the caret is, and its line at the end, ready to be written.
function note(area) {
  const used = [...area.value.matchAll(/\[\^(\d{1,4})\]/g)].map((found) => Number(found[1]));
  const number = Math.max(0, ...used) + 1;
  area.focus();
  put(area, `[^${number}]`, area.selectionEnd, area.selectionEnd);
  const end = area.value.trimEnd().length;
  put(area, `${/\n\[\^[^\]]+\]:[^\n]*$/.test(area.value.trimEnd()) ? "\n" : "\n\n"}[^${number}]: `, end, area.value.length);
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
