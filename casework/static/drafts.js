// Keeps what is typed in a long form: sends it to the server a moment after the last key.
// Without it there is a button that does the same.
import { seen } from "./session.js";

const PAUSE = 1_500;
const LONGEST = 10_000;
const RETRY = 15_000;
const NOT_SAVED = "Not saved. Copy what you typed if you must leave; it is tried again.";
const SIGNED_OUT = "Not saved: you have been signed out. Sign in again in another window, then go on here.";

function typed(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(pairs);
}

function keep(form) {
  const status = form.querySelector("[data-keep-status]");
  let timer;
  let dirtySince = 0;
  let isSent = false;

  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(send, pause); };

  async function send() {
    dirtySince = 0;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: typed(form),
        headers: { Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      });
      if (!answer.ok) throw new Error([400, 401].includes(answer.status) ? SIGNED_OUT : NOT_SAVED);
      say((await answer.json()).saved);
      seen();
    } catch (fault) {
      if (isSent) return;
      say(fault.message === SIGNED_OUT ? SIGNED_OUT : NOT_SAVED);
      dirtySince ||= Date.now();
      later(RETRY);
    }
  }

  form.addEventListener("input", () => {
    dirtySince ||= Date.now();
    later(Math.min(PAUSE, Math.max(0, dirtySince + LONGEST - Date.now())));
  });
  form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => {
    if (dirtySince && !isSent && document.visibilityState === "hidden") {
      clearTimeout(timer);
      send();
    }
  });
}

for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
