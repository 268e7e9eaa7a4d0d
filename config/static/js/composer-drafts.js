// A draft stays on this device at once and on the server a little later, so that one goes on at another device. What
// another tab or device saved later is never written over: the writer chooses.
const DAYS_30 = 30 * 24 * 3600 * 1000;
const ON_SERVER = /^(topic|reply|post|idea|wiki|wikinew|case|casenew)-\d+$/;
const EDITS = /^(post|wiki)-/;
const CALLED = { subject: "title" }; // what a draft calls a field
const SOON = 600;
const LATER = 2_500;
const AGAIN = 10_000; // when the server was away or busy

export function draft(box, area, form, csrf) {
  const name = form.dataset.draft;
  if (!name) return;
  const key = `draft:${document.body.dataset.viewer ?? ""}:${name}`;
  const state = box.querySelector("[data-draft-state]");
  const notice = box.closest(".composer-field").querySelector("[data-draft-notice]");
  const fields = () => [...form.querySelectorAll("textarea, input[type=text], select")].filter((field) => field.name && field.name !== "files_alt");
  const called = (field) => CALLED[field.name] ?? field.name;
  const values = () => Object.fromEntries(fields().map((field) => [called(field), field.value]));
  const first = JSON.stringify(values());
  const isEdit = EDITS.test(name);
  const base = form.querySelector("input[name=version]"); // what an edit began from
  const address = ON_SERVER.test(name) && document.body.dataset.viewer ? `/api/v1/drafts/${name}` : "";
  let version = 0, soon = 0, later = 0, dirty = false, held = false, gone = false, saving = Promise.resolve();

  const fill = (said, { over = false } = {}) => {
    for (const field of fields()) {
      const text = said[called(field)];
      if (text !== undefined && (over || (!field.value && text))) field.value = text;
    }
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const tell = (text) => { state.textContent = text ?? ""; };

  const kept = read(key);
  const refused = form.querySelector("[data-form-errors]") !== null;
  if (kept && !refused && !isEdit && Date.now() - kept.at < DAYS_30) {
    fill(kept.values);
    if (area.value) tell(state.dataset.saved);
  }
  if (address) begin();

  async function begin() {
    const answer = await ask("GET").catch(() => null);
    if (!answer?.ok) return;
    const theirs = await answer.json();
    version = theirs.version;
    if (!version) return;
    remember();
    if (refused) return;
    const isNewer = !kept || Date.parse(theirs.updated_at) > kept.at;
    const begun = JSON.stringify(values()) !== first;
    if (same(theirs)) return;
    if (!isEdit && isNewer && (!begun || (kept && same(kept.values)))) {
      fill(theirs, { over: true });
      tell(state.dataset.kept);
    } else if (isEdit || isNewer) {
      offer(theirs);
    }
  }

  const same = (said) => fields().every((field) => said[called(field)] === undefined || said[called(field)] === field.value);

  function offer(theirs) {
    held = true;
    const [words, take, keep] = ["p", "button", "button"].map((tag) => document.createElement(tag));
    const when = new Date(theirs.updated_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    words.textContent = notice.dataset.words.replace("{when}", when);
    for (const [button, label] of [[take, notice.dataset.take], [keep, notice.dataset.keep]]) Object.assign(button, { type: "button", textContent: label, className: "btn small" });
    const done = () => { notice.hidden = true; held = false; version = theirs.version; remember(); area.focus(); };
    take.addEventListener("click", () => {
      fill(theirs, { over: true });
      if (base && theirs.base) base.value = theirs.base; // what others changed since is compared when it is sent
      done();
    });
    keep.addEventListener("click", () => { done(); dirty = true; save(); });
    notice.replaceChildren(words, take, keep);
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  }

  function ask(method, body, options = {}) {
    return fetch(address, {
      method, ...options, body: body && JSON.stringify(body),
      headers: { "X-CSRFToken": csrf(form), "Content-Type": "application/json", Accept: "application/json" },
    });
  }

  function save(options) {
    clearTimeout(later);
    saving = saving.then(async () => {
      if (!dirty || held || gone) return;
      dirty = false;
      remember(true);
      const { title = "", body = "", tags = "" } = values();
      const answer = await ask("PUT", { title, body, tags, base: base?.value ?? "", version }, options).catch(() => null);
      if (answer?.ok) {
        version = (await answer.json()).version;
        remember();
        tell(state.dataset.kept);
      } else if (answer?.status === 409) {
        const theirs = await ask("GET").catch(() => null);
        const newest = theirs?.ok ? await theirs.json() : { version: 0 };
        if (newest.version) offer(newest);
        else version = 0; // it was sent or thrown away elsewhere; what is typed here begins a new one
      } else {
        dirty = !answer || answer.status === 429 || answer.status >= 500; // refused: the form will say why
        if (dirty) later = setTimeout(save, AGAIN);
      }
    });
  }

  /** The form tells which draft it is, so that sending it lets that go. */
  function remember(isOnItsWay = false) {
    let mark = form.querySelector("input[name=draft]");
    if (!mark) form.append(mark = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" }));
    mark.value = version || isOnItsWay ? name : "";
  }

  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      if (JSON.stringify(values()) === first && !version) return;
      const isKept = write(key, { at: Date.now(), values: values() });
      if (!address) return tell(isKept ? state.dataset.saved : "");
      if (!state.textContent && isKept) tell(state.dataset.saved);
      dirty = true;
      clearTimeout(later);
      later = setTimeout(save, LATER);
    }, SOON);
  });
  addEventListener("pagehide", () => { if (address && !gone) save({ keepalive: true }); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(soon);
    clearTimeout(later);
    gone = true; // what is still on its way is waited for by the server's version
    if (navigator.onLine) localStorage.removeItem(key);
  });
  addEventListener("pageshow", () => { gone = false; });
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
}
