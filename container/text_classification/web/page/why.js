/** The words for and against a label, in the text, as phrases, and as a sum. */

import { align, phrases, shown, strengths } from "./attribution.js";
import { make, many, signed, table } from "./dom.js";

/** Words that are marked at most, and rows of the sum: the rest is one. */
const MOST_WORDS = 3000;
const ROWS = 20;
const PHRASES = 5;
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -1e9, End: 1e9 };

/** An explanation: its words in the text, with rounded values. */
export function prepared(text, explanation) {
	const { tokens } = explanation;
	const spans = align(text, tokens.slice(0, MOST_WORDS));
	const words = tokens.map((token, index) => (spans?.[index] ? text.slice(...spans[index]) : token));
	return { text, tokens, spans, words, ...shown(explanation) };
}

export function explained(why, label) {
	const cut = why.words.length > MOST_WORDS ? `The first ${many(MOST_WORDS, "word")} are marked.` : "";
	return [marked(why, label), cut, strongest(why, label), sum(why, label)];
}

/** The text with its words marked: one stop for Tab, arrow keys within. */
export function marked(why, label) {
	const kinds = strengths(why.values);
	const told = make("p", { class: "told", "aria-live": "polite" });
	const marks = why.words.slice(0, MOST_WORDS).map((word, index) =>
		make("mark", { class: kinds[index] || null, "data-index": index }, word));
	let chosen = -1;
	const tell = (index) => {
		marks[chosen]?.classList.remove("chosen");
		chosen = Math.min(Math.max(index, 0), marks.length - 1);
		marks[chosen].classList.add("chosen");
		told.textContent = `${why.words[chosen]}: ${signed(why.values[chosen])}`;
	};
	const point = ({ target }) => target.dataset.index && tell(Number(target.dataset.index));
	const keydown = (event) => {
		if (!(event.key in STEPS) || !marks.length) return;
		event.preventDefault();
		tell(chosen + STEPS[event.key]);
	};
	return make("div", {}, make("p", {
		class: "words", tabindex: 0, role: "group", keydown, pointerover: point, click: point,
		"aria-label": `The text, with the words for and against ${label}; arrow keys tell each word`,
	}, ...withGaps(why, marks)), told);
}

function withGaps({ text, spans }, marks) {
	if (!spans) return marks.flatMap((mark) => [mark, " "]);
	let position = 0;
	const parts = marks.flatMap((mark, index) => {
		const gap = text.slice(position, spans[index][0]);
		position = spans[index][1];
		return [gap, mark];
	});
	return [...parts, text.slice(position)];
}

function strongest(why, label) {
	const found = phrases(why.words, why.values);
	const list = (side, title, some) => make("div", {}, make("h4", { class: side }, `${title} ${label}`),
		make("ul", {}, ...(some.length ? some.slice(0, PHRASES).map(({ text, value }) =>
			make("li", {}, `${text} `, make("span", { class: "quiet number" }, signed(value))))
			: [make("li", { class: "quiet" }, "nothing")])));
	return make("div", { class: "sides" }, list("for", "For", found.filter(({ value }) => value > 0)),
		list("against", "Against", found.filter(({ value }) => value < 0)));
}

/** How it all sums to the logit; made when it is opened. */
function sum(why, label) {
	let fill = () => details.append(...summed(why, label));
	const details = make("details", { toggle: () => { fill(); fill = () => {}; } },
		make("summary", {}, "How the words add up"));
	return details;
}

function summed({ words, values, constant, total }, label) {
	const size = (index) => Math.abs(values[index]);
	const order = [...values.keys()].sort((one, other) => size(other) - size(one));
	const rest = order.splice(ROWS);
	const rows = order.map((index) => [words[index], signed(values[index])]);
	if (rest.length) {
		rows.push([many(rest.length, "other word"), signed(rest.reduce((sofar, index) => sofar + values[index], 0))]);
	}
	rows.push(["the label itself, before any word", signed(constant)]);
	rows.push([`logit of ${label}`, signed(total)].map((cell) => make("strong", {}, cell)));
	return [table(`What each word adds to ${label}`, ["Word", "Adds"], rows, "tn"), make("p", { class: "quiet" },
		"Rounded so that they add up. The scores are the softmax of all labels' logits.")];
}
