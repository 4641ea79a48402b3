/** What is counted of many answers. */

/** Errors that are listed; the file handed back has all. */
const LISTED = 200;

export class Tally {
	rows = 0;
	failed = 0;
	unsure = 0;
	right = 0;
	compared = 0;
	errors = [];
	labels = new Map();
	/** How many documents of each own label got which. */
	pairs = new Map();

	/** Count the answer to a document, whose own label may be missing. */
	add(number, own, { label, sure, error }) {
		this.rows += 1;
		if (error) {
			this.failed += 1;
			if (this.failed <= LISTED) this.errors.push([number, error]);
			return;
		}
		this.unsure += sure === false;
		raise(this.labels, label);
		if (!own) return;
		this.compared += 1;
		this.right += own === label;
		if (!this.pairs.has(own)) this.pairs.set(own, new Map());
		raise(this.pairs.get(own), label);
	}
}

const raise = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1);
