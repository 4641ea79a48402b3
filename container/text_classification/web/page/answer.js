/** The answer: a sentence, the scores, unknown words, and the model. */

import { bar, button, bytes, count, make, many, percent, share, table } from "./dom.js";

const FIRST = 3;
/** Rows that one click adds. */
const MORE = 100;

export function sentence({ top: [best, next], sure }) {
	const second = next ? [make("span", { class: "next" }, ` (next: ${next.label} ${percent(next.score)})`)] : [];
	return make("p", { class: "sentence" }, ...(sure === false ? [make("em", {}, "Not sure: ")] : []),
		make("strong", {}, best.label), `, ${percent(best.score)}`, ...second);
}

export function scores(top) {
	const scale = make("span", { class: "scale" }, make("span", {}, "0"), make("span", {}, "100"));
	const made = make("div");
	const show = (rows) => {
		const shown = top.slice(0, rows).map(({ label, score }) => [label, percent(score), bar(score)]);
		made.replaceChildren(table("Most likely labels", ["Label", "Score", scale], shown, "tnb"));
		if (rows >= top.length) return;
		const more = top.length - rows > MORE ? `Show ${MORE} more` : `Show all ${count(top.length)}`;
		made.append(button(more, () => {
			show(rows + MORE);
			made.firstChild.focus();
		}));
	};
	show(FIRST);
	return made;
}

export function notes({ explanation: { tokens }, unknown_share: unknown, truncated }, { ngrams, limits }) {
	const said = [];
	const kind = tokens.every((token) => /[\p{L}\p{N}]/u.test(token)) ? "words" : "words and signs";
	if (!tokens.length) said.push("The model finds no word in this text, and answers all the same.");
	// Of a text that was cut, only n-grams see all tokens.
	if (unknown && truncated && !ngrams) said.push(`${percent(unknown)} of the ${kind} are unknown to the model.`);
	else if (unknown) {
		said.push(`${count(Math.round(unknown * tokens.length))} of ${count(tokens.length)} ${kind} unknown to the model.`);
	}
	if (truncated) {
		said.push(`The network read the first ${count(limits.sequence_length)} ${kind}${ngrams ? ", the n-grams all" : ""}.`);
	}
	return make("ul", { class: "notes" }, ...said.map((each) => make("li", {}, each)));
}

/** The model, its scores and limits, and where the time went. */
export function trust({ model, timing, took }) {
	const { name, recipe, architecture, labels, trained, scores: sets, limits } = model;
	const list = (...parts) => parts.filter(Boolean).join(", ");
	const facts = [["Model", list(name, recipe, architecture, many(labels, "label"))]];
	if (trained) facts.push(["Trained", new Date(trained).toLocaleDateString("en", { dateStyle: "long" })]);
	for (const [title, { accuracy, macro_f1: f1, documents }] of Object.entries(sets)) {
		if (accuracy !== undefined) {
			const of = documents ? ` of ${many(documents, "document")}` : "";
			facts.push([title, list(`${share(accuracy, 1)}${of} right`, f1 && `macro F1 ${f1.toFixed(3)}`)]);
		}
	}
	facts.push(["Limits", list(`the network reads ${count(limits.sequence_length)} words`,
		limits.tokens && `${count(limits.tokens)} words a document`,
		limits.body_mb && `${bytes(limits.body_mb * 1048576)} a request`,
		limits.records && `${many(limits.records, "document")} a request`, `${limits.seconds} s`)]);
	const parts = ["waiting", "reading", "computing"].map((part) => [part, timing[`${part}_ms`]]);
	const server = parts.reduce((sum, [, time]) => sum + time, 0).toFixed(1);
	facts.push(["Time", `${took.toFixed(0)} ms, of which the model's server took ${server}: ${
		list(...parts.map(([part, time]) => `${part} ${time.toFixed(1)}`))}`]);
	return make("div", {}, make("h3", {}, "About this answer"), make("dl", {},
		...facts.flatMap(([title, fact]) => [make("dt", {}, title), make("dd", {}, fact)])));
}
