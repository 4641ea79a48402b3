/** Show problems, and that the model wakes up. */

import { Problem } from "./ask.js";
import { button, byId, bytes, make, many } from "./dom.js";

export const tooLong = (size, limit) => new Problem("BODY_TOO_LARGE",
	`The text has ${bytes(size)}; the limit is ${bytes(limit)}`, "Shorten it, or classify it in parts.");

export const empty = () => new Problem("EMPTY", "There is no text yet",
	"Type or paste a document, or take an example.");

export function showProblem({ code = "FAULT", message, remedy = "" }, again, place = byId("problem")) {
	const sentence = `${message[0].toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
	place.replaceChildren(make("div", { class: "problem" },
		make("p", {}, make("strong", {}, sentence), ` ${remedy} `, make("code", {}, code)),
		...(again ? [button("Try again", again)] : [])));
}

export const hideProblem = (place = byId("problem")) => place.replaceChildren();

/** Tell that the model is slow: at once if it says so, else after a second. */
export function patience(cancel) {
	const place = byId("waiting");
	const began = performance.now();
	const clock = make("span", { role: "timer", "aria-live": "off" });
	const tick = () => {
		clock.textContent = many(Math.floor((performance.now() - began) / 1000), "second");
	};
	const sentence = make("strong");
	const detail = make("span");
	const show = (first, second) => {
		if (sentence.textContent === first && detail.textContent === second) return;
		sentence.textContent = first;
		detail.textContent = second;
		place.replaceChildren(make("div", { class: "waiting" }, make("p", {}, sentence, " ", detail),
			make("p", {}, "Waiting for ", clock, " ", button("Cancel", cancel))));
	};
	tick();
	const timer = setInterval(tick, 250);
	const late = setTimeout(() => sentence.textContent || show("The model takes its time.",
		"One that has slept needs some seconds to wake up."), 1000);
	return {
		waking: ({ code, message }) => show(["THROTTLED", "OVERLOADED"].includes(code)
			? "Too many are asking at once." : "The model is waking up.",
		`It is asked again by itself. Its last word: ${message}.`),
		end() {
			clearTimeout(late);
			clearInterval(timer);
			place.replaceChildren();
		},
	};
}
