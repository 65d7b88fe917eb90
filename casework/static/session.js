// Says two minutes before the session ends that it will, and lets the person stay.
// The server ends the session, whether this runs or not.
const WARNING = 120_000;
const SEEN = "casework-seen";
const notice = document.getElementById("session");
const opened = Date.now();
let lastSeen = opened;
let dismissed = false;
let looking;

// The server was just asked something, so the idle time begins again, in every window.
export function seen() {
  try {
    localStorage.setItem(SEEN, String(Date.now()));
  } catch {
    // Storage may be forbidden; then each window counts for itself.
  }
  lastSeen = Date.now();
  if (notice?.open) notice.close();
  dismissed = false;
}

function seenAnywhere() {
  let elsewhere = 0;
  try {
    elsewhere = Number(localStorage.getItem(SEEN)) || 0;
  } catch {
    // As above.
  }
  return Math.max(lastSeen, elsewhere);
}

function show(when, endsAt) {
  for (const part of notice.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== when;
    if (!part.hidden) document.getElementById("session-title").textContent = part.dataset.title;
  }
  const shape = { hour: "numeric", minute: "2-digit", hour12: true };
  const at = new Date(endsAt).toLocaleTimeString("en-GB", shape).replace(/\s/, "");
  for (const place of notice.querySelectorAll("[data-at]")) place.textContent = at;
  if (!notice.open) notice.showModal();
}

function look() {
  const idleEnd = seenAnywhere() + Number(notice.dataset.idle) * 1000;
  const lastEnd = opened + Number(notice.dataset.left) * 1000;
  const endsAt = Math.min(idleEnd, lastEnd);
  const left = endsAt - Date.now();
  if (left > WARNING) {
    dismissed = false;
    if (notice.open) notice.close();
  } else if (left > 0 && !dismissed) {
    show(lastEnd <= idleEnd ? "over" : "idle", endsAt);
  } else if (left <= 0) {
    show("ended", endsAt);
    clearInterval(looking);
  }
}

async function stay() {
  try {
    const answer = await fetch(notice.dataset.stay, { redirect: "manual" });
    if (answer.status === 204) seen();
    else show("ended", Date.now());
  } catch {
    // No connection: the notice stays, and the button can be tried again.
  }
}

if (notice) {
  seen();
  notice.querySelector("[data-stay-button]").addEventListener("click", stay);
  for (const button of notice.querySelectorAll("[data-close-button]")) {
    button.addEventListener("click", () => { dismissed = true; notice.close(); });
  }
  notice.addEventListener("cancel", () => { dismissed = true; });
  looking = setInterval(look, 1000);
}
