// <relative-time><time datetime="…">4 Mar</time></relative-time>: “3 days ago” by the browser's clock and language,
// or “3 d” with the attribute `short`. Without this script the date inside stays, so nothing is lost.
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400], ["month", 2629800], ["year", 31557600]];
const language = document.documentElement.lang || "en";
const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const alive = new Set();

function distance(seconds) {
  const size = Math.abs(seconds);
  let [unit, length] = STEPS[0];
  for (const step of STEPS) if (size >= step[1]) [unit, length] = step;
  return [Math.trunc(seconds / length), unit];
}

function brief(amount, unit) {
  const size = Math.abs(amount);
  if (unit === "month" && language.startsWith("en")) return `${size} mo`; // the narrow form is a minute's
  const style = unit === "month" ? "short" : "narrow";
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: style }).format(size).replace(/(\d)([a-z])/i, "$1 $2");
}

class RelativeTime extends HTMLElement {
  connectedCallback() {
    alive.add(this);
    this.show();
  }

  disconnectedCallback() {
    alive.delete(this);
  }

  show() {
    const time = this.querySelector("time");
    const seconds = (Date.parse(time?.dateTime ?? "") - Date.now()) / 1000;
    if (!Number.isFinite(seconds)) return;
    const [amount, unit] = distance(seconds);
    if (amount === 0) time.textContent = words.format(0, "second");
    else time.textContent = this.hasAttribute("short") ? brief(amount, unit) : words.format(amount, unit);
  }
}

customElements.define("relative-time", RelativeTime);
setInterval(() => alive.forEach((element) => element.show()), 60_000);

// <local-time data-zone="Europe/Berlin" data-words="{time} your time" hidden><time datetime="…"></time></local-time>:
// an event's time by the reader's own clock, shown only where that differs from the clock of the event's zone.
class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const moment = new Date(time?.dateTime ?? "");
    if (Number.isNaN(moment.getTime())) return;
    const shown = (form, timeZone) => new Intl.DateTimeFormat(language, { ...form, timeZone }).format(moment);
    const day = { weekday: "short", day: "numeric", month: "short" };
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const isSameDay = shown(day) === shown(day, this.dataset.zone);
    if (isSameDay && shown(clock) === shown(clock, this.dataset.zone)) return;
    const mine = isSameDay ? shown(clock) : `${shown(day)}, ${shown(clock)}`;
    time.textContent = (this.dataset.words || "{time}").replace("{time}", mine);
    this.hidden = false;
  }
}

customElements.define("local-time", LocalTime);
