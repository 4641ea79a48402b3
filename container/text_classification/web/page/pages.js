/** The answers to a file, page by page, kept in blobs. */

import { button, count, make, percent, table } from "./dom.js";

const SIZE = 50;

export class Pages {
	element = make("div");
	#parts = [];
	#rows = 0;

	add(rows, view) {
		this.#parts.push({ begin: this.#rows, view });
		this.#rows += rows;
	}

	/** Show the page that begins with a row. */
	async show(begin) {
		const last = Math.floor((this.#rows - 1) / SIZE) * SIZE;
		const end = Math.min(begin + SIZE, this.#rows);
		const first = this.#parts.findLastIndex((part) => part.begin <= begin);
		const parts = this.#parts.slice(first).filter((part) => part.begin < end);
		const read = await Promise.all(parts.map(async ({ view }) => JSON.parse(await view.text())));
		const rows = read.flat().slice(begin - parts[0].begin, end - parts[0].begin);
		const lines = rows.map(([number, text, label, score, sure, own, error]) => [count(number), text,
			error ? make("em", {}, error) : label,
			error ? "" : `${sure === false ? "not sure, " : ""}${percent(score)}`, own ?? ""]);
		const go = (name, to, off) => button(name, () => this.show(to), { disabled: off });
		this.element.replaceChildren(
			table(`Documents ${count(begin + 1)} to ${count(end)} of ${count(this.#rows)}`,
				["Row", "Text", "Label", "Score", "In the file"], lines, "nttnt"),
			make("p", { class: "actions", hidden: !last }, go("First", 0, !begin), go("Back", begin - SIZE, !begin),
				go("Next", begin + SIZE, begin === last), go("Last", last, begin === last)));
	}
}
