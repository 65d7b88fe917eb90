// The only script of ours on every page: it wakes the GOV.UK and MoJ components.
// Every page works without it.
import { initAll as initGovuk } from "./vendor/govuk-frontend.min.js";
import { initAll as initMoj } from "./vendor/moj-frontend.min.js";

initGovuk();
initMoj();
