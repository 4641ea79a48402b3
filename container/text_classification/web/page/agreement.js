/** How well answers agree with the labels of a file. */

import { count, make, many, share, table } from "./dom.js";

const MOST = 25;

/** The accuracy and the confusion matrix; nothing without labels. */
export function agreement({ right, compared, pairs }) {
	if (!compared) return [];
	const sum = (row) => [...row.values()].reduce((total, number) => total + number, 0);
	const sums = new Map([...pairs.values()].flatMap((row) => [...row.keys()].map((label) => [label, 0])));
	pairs.forEach((row, own) => sums.set(own, sum(row)));
	const names = [...sums.keys()].sort((one, other) => sums.get(other) - sums.get(one)).slice(0, MOST);
	const rows = names.map((own) => [own, ...names.map((label) =>
		cell(pairs.get(own)?.get(label) ?? 0, sums.get(own), own === label))]);
	const which = sums.size > MOST ? `, for the ${MOST} most frequent labels` : "";
	return [
		make("p", {}, make("strong", {}, `${share(right, compared)} agree`),
			` with the labels of the file: ${count(right)} of ${many(compared, "document")}.`),
		table(`Confusion matrix: labels of the file down, answers across${which}`, ["In the file", ...names],
			rows, `t${"n".repeat(names.length)}`),
	];
}

/** A number, darker by its share of the row, bold where both agree. */
function cell(number, sum, agrees) {
	const made = make(agrees ? "strong" : "span", { class: "cell" }, number ? count(number) : "\u00b7");
	made.style.setProperty("--share", `${(30 * number) / (sum || 1)}%`);
	return made;
}
