// Pictures and files in the writing box: chosen, pasted or dropped, sent at once, named in the text where the caret is.
// Each shows below the box with its progress; a picture asks what it shows, for those who cannot see it.
const MOST_AT_ONCE = 10;

export function files(box, area, form) {
  const field = box.closest(".composer-field");
  const list = field.querySelector("[data-attached]");
  const plain = field.querySelector("[data-attach-plain]");
  const input = plain.querySelector("input[type=file]");
  plain.hidden = true; // the button stands in for it; without this script it is a field like any other
  box.querySelector("[data-attach]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });

  area.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length || event.clipboardData.getData("text/plain")) return; // a copied cell brings its picture along
    event.preventDefault();
    take(pasted);
  });
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  box.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  box.addEventListener("dragleave", (event) => { if (!box.contains(event.relatedTarget)) box.classList.remove("dropping"); });
  box.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    box.classList.remove("dropping");
    take([...event.dataTransfer.files]);
  });

  let sending = 0;
  form.addEventListener("submit", (event) => {
    if (!sending) return;
    event.preventDefault(); // what is under way would be missing
    list.querySelector("li.sending")?.scrollIntoView({ block: "nearest" });
  }, { capture: true });

  async function take(chosen) {
    for (const file of chosen.slice(0, MOST_AT_ONCE)) send(file);
  }

  function send(file) {
    const line = lineOf(list, file);
    const mark = `![${list.dataset.sending} ${file.name.replace(/[[\]\\]/g, "")} #${++count}]()`;
    put(area, mark);
    const request = new XMLHttpRequest(); // fetch tells no progress
    const data = new FormData();
    data.append("file", file, file.name || "picture.png");
    request.open("POST", box.dataset.files);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) line.bar.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      sending -= 1;
      line.item.classList.remove("sending");
      line.bar.remove();
      const kept = request.status === 201 && request.response;
      replace(area, mark, kept ? kept.markdown : "");
      if (kept) show(line, kept);
      else refuse(line, request.response?.errors?.file?.[0] ?? request.response?.detail ?? list.dataset.failed);
    });
    line.off.addEventListener("click", () => {
      request.abort();
      if (line.markdown) replace(area, named(area, line.key) ?? line.markdown, "");
      if (line.key) forget(line.key);
      line.item.remove();
      list.hidden = !list.childElementCount;
      area.focus();
    });
    sending += 1;
    request.send(data);
  }

  function show(line, kept) {
    Object.assign(line, { key: kept.key, markdown: kept.markdown });
    line.item.dataset.key = kept.key;
    if (kept.kind !== "image") return;
    const path = new URL(kept.url).pathname;
    const picture = Object.assign(document.createElement("img"), { src: path, alt: "", width: 48, height: 48 });
    line.item.querySelector(".thumb").replaceChildren(picture);
    const label = document.createElement("label");
    label.textContent = list.dataset.describe;
    const words = Object.assign(document.createElement("input"), { type: "text", maxLength: 200, placeholder: list.dataset.why });
    words.addEventListener("input", () => {
      const old = named(area, kept.key);
      if (old) replace(area, old, `![${(words.value.trim() || list.dataset.picture).replace(/[[\]\\]/g, "")}](${path})`);
    });
    words.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); area.focus(); } });
    label.append(words);
    line.item.querySelector(".about").append(label);
  }

  function forget(key) {
    const headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" };
    fetch(`${box.dataset.files}/${key}`, { method: "DELETE", headers }).catch(() => {}); // it expires by itself
  }
}

let count = 0;

function lineOf(list, file) {
  const item = document.createElement("li");
  item.className = "sending";
  item.innerHTML = '<span class="thumb" aria-hidden="true"></span><div class="about"><span class="name"></span></div>';
  item.querySelector(".name").textContent = file.name;
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", `${list.dataset.sending} ${file.name}`);
  bar.className = "meter";
  item.querySelector(".about").append(bar);
  const off = Object.assign(document.createElement("button"), { type: "button", className: "btn ghost small", textContent: list.dataset.remove });
  off.setAttribute("aria-label", `${list.dataset.remove}: ${file.name}`);
  item.append(off);
  list.append(item);
  list.hidden = false;
  return { item, bar, off, key: "", markdown: "" };
}

function refuse(line, why) {
  line.item.classList.add("refused");
  const told = Object.assign(document.createElement("p"), { className: "errorlist", textContent: why });
  told.setAttribute("role", "alert");
  line.item.querySelector(".about").append(told);
}

/** The Markdown that names a file in the text, whatever its words are by now. */
function named(area, key) {
  return area.value.match(new RegExp(`!?\\[[^\\]]*\\]\\([^)]*/files/${key}/[^)]*\\)`))?.[0];
}

function put(area, text) {
  const before = area.value.slice(0, area.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  area.setRangeText(`${gap}${text}\n`, area.selectionStart, area.selectionEnd, "end");
  tell(area);
}

function replace(area, old, text) {
  const at = area.value.indexOf(old);
  if (at < 0) return;
  area.setRangeText(text, at, at + old.length, "preserve");
  tell(area);
}

function tell(area) { area.dispatchEvent(new Event("input", { bubbles: true })); }
