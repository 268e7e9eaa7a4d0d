// The page's one socket. It hears numbers and ids only; what they stand for is fetched, so the server checks again who
// may read it. The last number seen is kept for the tab: after a cut, a sleep or a restart the rest is replayed.
//
// Others listen: `tw:live` (detail: the hint), `tw:ready` (connected; watch your groups now), `tw:resync` (something
// may have been missed: look yourself). Others ask: `tw:watch` (detail: "topic.12", or
// { group: "topic.12", have: 7 }: what is newer than the page's last number is told at once).
const FIRST_RETRY = 1_000, LONGEST_RETRY = 30_000, BLOCKED_RETRY = 120_000;
const PING = 25_000, PATIENCE = 10_000, POLL = 20_000;
const REFUSED = new Set([4400, 4429]);

const viewer = document.body.dataset.viewer ?? "0";
const memory = `tw:last:${viewer}`;
const title = document.title;
let socket = null, tries = 0, waiting = 0, waitingForPong = 0, polling = 0, toasted = 0, stopped = false, wasCut = false;
let last = Number(sessionStorage.getItem(memory) ?? -1);

const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const send = (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));

function seen(number) {
  last = number;
  sessionStorage.setItem(memory, String(number));
}

function showCount(count) {
  const words = count > 99 ? "99+" : String(count || "");
  for (const badge of document.querySelectorAll("[data-bell-count]")) badge.textContent = words;
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.setAttribute("aria-label", words ? `${bell.dataset.label} (${words})` : bell.dataset.label);
  }
  document.title = words ? `(${words}) ${title}` : title;
}

// Toasts: one fetch for a burst, only where somebody looks; the text comes from the server, re-authorised.
let toastTimer = 0;
function toastSoon(number) {
  toasted ||= number - 1;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(showToasts, 250);
}

async function showToasts() {
  const since = toasted;
  toasted = 0;
  const place = document.querySelector("[data-toasts]");
  if (document.hidden || !place) return;
  const answer = await fetch(`/notifications/recent/?since=${since}`, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  for (const toast of holder.content.querySelectorAll(".toast")) {
    place.append(toast);
    let timer = setTimeout(() => toast.remove(), 10_000);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 3_000); });
  }
  while (place.children.length > 3) place.firstElementChild.remove();
}

document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast")?.remove());

function arrived(hint) {
  if (hint.number <= last) return;
  seen(hint.number);
  showCount(hint.unread);
  toastSoon(hint.number);
  say("tw:live", hint);
}

function hear(frame) {
  switch (frame.type) {
    case "hello":
      if (String(frame.user) !== viewer) return stop(); // signed out, or in as another: this page is of another time
      tries = 0;
      if (last < 0 || last > frame.last) seen(frame.last);
      showCount(frame.unread);
      send({ type: "resume", since: last });
      say("tw:ready");
      if (wasCut) say("tw:resync", frame);
      wasCut = false;
      break;
    case "notification": arrived(frame); break;
    case "unread": showCount(frame.unread); say("tw:live", frame); break;
    case "pong": showCount(frame.unread); break;
    case "resync":
      if (frame.last !== undefined) { seen(frame.last); showCount(frame.unread); }
      say("tw:resync", frame);
      break;
    default: say("tw:live", frame);
  }
}

function connect() {
  clearTimeout(waiting);
  if (stopped || socket) return;
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live/`);
  socket = mine;
  mine.addEventListener("message", (event) => {
    clearTimeout(waitingForPong);
    state("on");
    hear(JSON.parse(event.data));
  });
  mine.addEventListener("close", (event) => {
    if (socket !== mine) return;
    socket = null;
    wasCut = true;
    clearTimeout(waitingForPong);
    if (stopped) return;
    state("off");
    const most = REFUSED.has(event.code) ? BLOCKED_RETRY : Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** tries);
    tries += 1;
    // Spread, so that a restart is not met by everybody at once.
    waiting = setTimeout(connect, most * (.5 + Math.random() / 2));
  });
}

function stop() {
  stopped = true;
  socket?.close();
  clearInterval(polling);
}

// Away from the socket the page asks now and then instead.
function state(now) {
  document.documentElement.dataset.live = now;
  if (now === "on") {
    clearInterval(polling);
    polling = 0;
  } else {
    polling ||= setInterval(poll, POLL);
  }
}

async function poll() {
  if (document.hidden || !navigator.onLine || viewer === "0") return;
  const answer = await fetch("/notifications/state/", { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (last >= 0 && found.last > last) arrived({ type: "notification", number: found.last, unread: found.unread });
  else showCount(found.unread);
  say("tw:resync", found);
}

function check() {
  if (!socket) {
    tries = 0;
    connect();
  } else if (socket.readyState === WebSocket.OPEN) {
    send({ type: "ping" });
    clearTimeout(waitingForPong);
    waitingForPong = setTimeout(() => socket?.close(), PATIENCE);
  }
}

document.addEventListener("tw:watch", ({ detail }) => send({ type: "watch", ...(detail.group ? detail : { group: detail }) }));
setInterval(() => socket && check(), PING);
addEventListener("online", check);
addEventListener("offline", () => state("off"));
document.addEventListener("visibilitychange", () => document.hidden || check());
addEventListener("pagehide", () => { const old = socket; socket = null; old?.close(); clearTimeout(waiting); });
addEventListener("pageshow", (event) => event.persisted && check());
connect();
