// The only script that every page loads: it wakes the GOV.UK and MoJ components, keeps what is
// typed in long forms and says when the session is about to end. Every page works without it.
import { initAll as initGovuk } from "./vendor/govuk-frontend.min.js";
import { initAll as initMoj } from "./vendor/moj-frontend.min.js";
import "./session.js";
import "./drafts.js";

initGovuk();
initMoj();
