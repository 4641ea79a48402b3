/** A pinned answer beside the present one: which words changed it. */

import { sentence } from "./answer.js";
import { addUp, changes } from "./attribution.js";
import { button, make, many, percent, signed, table } from "./dom.js";
import { marked } from "./why.js";

const ROWS = 10;
const LABELS = 5;
const HEAD = ["Pinned", "Now", "Change"];

/** Explain both answers for each label; the first is marked in the texts. */
export function compared(before, now, labels, unpin) {
	const side = (title, { prediction, whys }) => make("div", {}, make("h3", {}, title),
		sentence(prediction), marked(whys.get(labels[0]), labels[0]));
	const words = labels.map((label) => wordChanges(before.whys.get(label), now.whys.get(label), label));
	return [make("h2", { id: "compare-title", tabindex: -1 }, "Compared with the pinned answer"),
		make("div", { class: "sides" }, side("Pinned", before), side("Now", now)),
		scoreChanges(before.prediction, now.prediction), make("div", { class: "sides" }, ...words),
		button("Unpin", unpin)];
}

function scoreChanges(before, now) {
	const [first, second] = [before, now].map(({ top }) => new Map(top.map(({ label, score }) => [label, score])));
	const moved = [...second].map(([label, is]) => [label, first.get(label) ?? 0, is])
		.filter(([, was, is]) => percent(was) !== percent(is))
		.sort((one, other) => Math.abs(other[2] - other[1]) - Math.abs(one[2] - one[1]));
	const rows = moved.slice(0, LABELS).map(([label, was, is]) =>
		[label, percent(was), percent(is), signed(100 * (is - was), 1)]);
	return table("Scores that changed most, in points", ["Label", ...HEAD], rows, "tnnn");
}

function wordChanges(before, now, label) {
	const lines = changes(before, now).map((each) => [each.word, each.before, each.now]);
	const rest = lines.splice(ROWS);
	if (rest.length) {
		lines.push(rest.reduce(([name, was, is], each) => [name, was + each[1], is + each[2]],
			[many(rest.length, "other word"), 0, 0]));
	}
	lines.push(["the label itself", before.constant, now.constant]);
	const { values, total } = addUp(lines.map(([, was, is]) => is - was));
	const number = (value) => (value ? signed(value) : "\u2013");
	const rows = lines.map(([word, was, is], index) => [word, number(was), number(is), signed(values[index])]);
	rows.push([`logit of ${label}`, signed(before.total), signed(now.total), signed(total)]
		.map((cell) => make("strong", {}, cell)));
	return table(`Words that changed ${label}`, ["Word", ...HEAD], rows, "tnnn");
}
