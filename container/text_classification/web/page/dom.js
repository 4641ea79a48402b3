/** Elements and numbers. Texts become text nodes, never HTML. */

/** Make an element; functions become listeners, false and null no attribute. */
export function make(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") made.addEventListener(name, value);
		else if (value === true) made.setAttribute(name, "");
		else if (value !== false && value != null) made.setAttribute(name, value);
	}
	made.append(...children);
	return made;
}

export const byId = (id) => document.getElementById(id);

export const button = (text, click, more = {}) =>
	make("button", { type: "button", click, ...more }, text);

/** A score in percent; nothing rounds to never or always. */
export function percent(score) {
	const value = 100 * score;
	if (value < 0.1) return "<0.1\u00a0%";
	return value >= 99.95 ? ">99.9\u00a0%" : `${value.toFixed(1)}\u00a0%`;
}

/** A part of what was counted, in percent. */
export const share = (part, whole) => (part && part !== whole ? percent(part / whole) : `${part ? 100 : 0}\u00a0%`);

export const count = (number) => number.toLocaleString("en");

export const many = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;

export const signed = (number, digits = 3) =>
	(number < 0 ? "\u2212" : "+") + Math.abs(number).toFixed(digits);

export function bytes(number) {
	if (number < 1000) return many(number, "byte");
	const [unit, size] = number < 1048576 ? ["KB", 1024] : ["MB", 1048576];
	return `${(number / size).toFixed(1).replace(".0", "")} ${unit}`;
}

/** A bar on a scale from 0 to 100 %, whatever the best score is. */
export function bar(score) {
	const [svg, rect] = ["svg", "rect"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
	svg.setAttribute("class", "bar");
	svg.setAttribute("aria-hidden", "true");
	rect.setAttribute("width", `${100 * score}%`);
	rect.setAttribute("height", "100%");
	svg.append(rect);
	return svg;
}

const KINDS = { n: "number", b: "bars" };

/** A table; kinds: a letter a column, "n" for numbers and "b" for bars. */
export function table(caption, head, rows, kinds) {
	const row = (cells, scope) => make("tr", {}, ...cells.map((cell, column) => make(
		scope === "col" || !column ? "th" : "td",
		{ scope: column && scope === "row" ? null : scope, class: KINDS[kinds[column]] }, cell)));
	const made = make("table", {}, make("caption", {}, caption), make("thead", {}, row(head, "col")),
		make("tbody", {}, ...rows.map((cells) => row(cells, "row"))));
	// One that is wider than the page is scrolled by itself, with keys too.
	return make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption }, made);
}
