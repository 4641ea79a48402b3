/** Many documents: a file is looked at, run, and its answers are shown. */

import { agreement } from "./agreement.js";
import { button, count, make, many, share, table } from "./dom.js";
import { Pages } from "./pages.js";
import { hideProblem, showProblem } from "./problems.js";

const LABELS = 30;
const CELLS = { ",": "commas", ";": "semicolons", "\t": "tabs" };

/** Return what opens a file in a place of the page; asked: where to ask. */
export function batchIn(place, asked) {
	let worker;
	return (file) => {
		worker?.terminate();
		worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
		const batch = new Batch(worker, file, place, asked);
		worker.onmessage = ({ data }) => batch[data.kind](data);
		worker.postMessage({ action: "look", file });
	};
}

/** One file; each thing that the worker tells is a method. */
class Batch {
	constructor(worker, file, place, asked) {
		Object.assign(this, { worker, file, asked });
		for (const name of ["choices", "progress", "summary"]) this[name] = make("div");
		this.problem = make("div", { role: "alert" });
		place.replaceChildren(this.choices, this.problem, this.progress, this.summary);
	}

	looked({ shape }) {
		const { file, worker } = this;
		const csv = shape.kind === "CSV";
		const select = (title, chosen, ...none) => {
			const made = make("select", {}, ...none, ...shape.names.map((name, index) =>
				make("option", { value: index }, name)));
			made.value = chosen;
			return [made, make("label", {}, title, made)];
		};
		const [text, textLabel] = select("Text is in ", shape.text);
		const [label, labelLabel] = select("True labels are in ", shape.label, make("option", { value: -1 }, "no column"));
		const header = make("input", { type: "checkbox", checked: shape.header,
			change: () => worker.postMessage({ action: "look", file, header: header.checked }) });
		const named = make("label", { hidden: !csv }, header, " The first row names the columns");
		const run = () => this.run({ ...shape, text: Number(text.value), label: Number(label.value) });
		this.choices.replaceChildren(
			make("p", {}, make("strong", {}, file.name), ` is read as ${shape.kind}${csv ? ` with ${CELLS[shape.delimiter]}` : ""}, ${shape.encoding}.`),
			table(`The beginning of ${file.name}`, shape.names,
				shape.cells.map((row) => row.map((cell) => cell.slice(0, 120))), ""),
			make("p", { class: "actions" }, textLabel, labelLabel, named),
			make("p", {}, button("Classify all", run, { class: "main" })));
	}

	run(shape) {
		const { file, asked, worker } = this;
		Object.assign(this, { output: [], pages: new Pages(), kind: shape.kind, began: performance.now() });
		this.bar = make("progress", { max: file.size || 1, value: 0, "aria-label": "Part of the file" });
		this.told = make("p", { role: "status" }, "Begun.");
		hideProblem(this.problem);
		this.summary.replaceChildren();
		this.progress.replaceChildren(this.bar, this.told,
			button("Cancel", () => worker.postMessage({ action: "stop" })));
		const invocations = new URL(asked.invocations, location.href).href;
		worker.postMessage({ action: "run", file, shape, place: { ...asked, invocations } });
	}

	get seconds() {
		return (performance.now() - this.began) / 1000;
	}

	part({ rows, view, output }) {
		this.output.push(output);
		if (rows) this.pages.add(rows, view);
	}

	progressed({ bytes, rows, failed }) {
		this.bar.value = bytes;
		this.told.textContent = `${many(rows, "document")}, ${many(failed, "error")}, ${count(Math.round(rows / this.seconds))} a second.`;
	}

	waiting({ problem }) {
		this.told.textContent = `Waiting for the model, which is asked again by itself: ${problem.message}.`;
	}

	halted({ problem, final }) {
		showProblem(problem, !final && (() => {
			hideProblem(this.problem);
			this.worker.postMessage({ action: "resume" });
		}), this.problem);
	}

	ended(told) {
		const { rows, failed, unsure, labels, errors, stopped } = told;
		const said = [`${stopped ? "Cancelled after" : "Classified"} ${many(rows, "document")} in ${this.seconds.toFixed(1)} s`,
			failed && many(failed, "error"), unsure && `${count(unsure)} not sure`];
		const title = make("h3", { tabindex: -1 }, `${said.filter(Boolean).join(", ")}.`);
		const counts = [...labels].sort((one, other) => other[1] - one[1]).slice(0, LABELS)
			.map(([label, number]) => [label, count(number), share(number, rows - failed)]);
		this.progress.replaceChildren();
		this.summary.replaceChildren(title,
			make("p", {}, button("Download with the answers", () => this.download(), { class: "main" })),
			...agreement(told), table("Documents of each label", ["Label", "Documents", "Share"], counts, "tnn"));
		if (failed) {
			this.summary.append(table(errors.length < failed ? `The first ${errors.length} errors` : "Errors",
				["Row", "What is wrong"], errors.map(([number, message]) => [count(number), message]), "nt"));
		}
		if (rows) this.pages.show(0);
		this.summary.append(this.pages.element);
		title.focus();
	}

	download() {
		const { file: { name }, kind, output } = this;
		const url = URL.createObjectURL(new Blob(output));
		const ending = kind === "lines of text" ? ".csv" : name.match(/\.\w+$/)[0];
		make("a", { href: url, download: name.replace(/(\.\w+)?$/, `-classified${ending}`) }).click();
		setTimeout(() => URL.revokeObjectURL(url), 60_000);
	}
}
