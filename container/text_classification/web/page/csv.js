/** CSV, piece by piece, with any delimiter and any line ends. */

/** A cell that is longer was begun by a quote that nothing ends. */
const LONGEST = 1 << 23;

export class CsvRows {
	#delimiter;
	#row = [];
	#cell = "";
	#quoted = false; // within quotes
	#closed = false; // behind the quote that may end them
	#return = false; // behind a carriage return

	constructor(delimiter) {
		this.#delimiter = delimiter;
	}

	/** Take the next piece, and return the whole rows, without empty lines. */
	push(piece) {
		const rows = [];
		for (let index = 0; index < piece.length; index++) {
			const character = piece[index];
			if (this.#quoted && !this.#closed) {
				if (character === '"') {
					this.#closed = true;
				} else {
					const quote = piece.indexOf('"', index);
					const end = quote < 0 ? piece.length : quote;
					this.#add(piece.slice(index, end));
					index = end - 1;
				}
			} else if (character === '"' && (this.#closed || !this.#cell)) {
				if (this.#closed) this.#add('"');
				this.#quoted = true;
				this.#closed = false;
			} else {
				this.#plain(character, rows);
			}
			this.#return = character === "\r";
		}
		return rows;
	}

	/** Return the unfinished row, and whether a quote is open. */
	end() {
		const rows = [];
		const open = this.#quoted && !this.#closed;
		this.#endRow(rows);
		return { rows, open };
	}

	#plain(character, rows) {
		this.#quoted = this.#closed = false;
		if (character === this.#delimiter) {
			this.#row.push(this.#cell);
			this.#cell = "";
		} else if (character === "\r" || (character === "\n" && !this.#return)) {
			this.#endRow(rows);
		} else if (character !== "\n") {
			this.#add(character);
		}
	}

	#add(text) {
		this.#cell += text;
		if (this.#cell.length > LONGEST) throw new RangeError("a quote is opened and not closed");
	}

	#endRow(rows) {
		if (this.#row.length || this.#cell) rows.push([...this.#row, this.#cell]);
		this.#row = [];
		this.#cell = "";
		this.#quoted = this.#closed = false;
	}
}

/** The delimiter that the first lines have most of, outside quotes. */
export function delimiterOf(text) {
	const outside = text.replace(/"[^"]*"/g, "");
	const number = (each) => outside.split(each).length;
	return [",", ";", "\t"].reduce((best, each) => (number(each) > number(best) ? each : best));
}

/** Cells as a line of CSV; those without a value are empty. */
export const csvLine = (cells, delimiter) => `${cells.map((cell) => {
	const text = String(cell ?? "");
	return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}).join(delimiter)}\n`;
