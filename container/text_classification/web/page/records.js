/** Files of documents: what they are, and their records one by one. */

import { CsvRows, csvLine, delimiterOf } from "./csv.js";

const SNIFFED = 65536;
const PREVIEW = 5;
const TEXTS = ["text", "document", "content", "body", "message", "letter"];
const LABELS = ["label", "labels", "category", "class", "target"];

/** The kind of a file, from its beginning; header: null for a guess. */
export async function look(file, header) {
	const start = new Uint8Array(await file.slice(0, SNIFFED).arrayBuffer());
	const cut = file.size > SNIFFED;
	const encoding = encodingOf(start, cut);
	const beginning = new TextDecoder(encoding).decode(start);
	const kind = kindOf(file.name);
	const shape = { kind, encoding, delimiter: kind === "CSV" ? delimiterOf(beginning) : "," };
	const reader = readerOf(shape);
	const records = reader.push(beginning);
	if (!cut) records.push(...reader.end().rows);
	shape.header = kind === "CSV" && (header ?? namesColumns(records[0] ?? []));
	shape.names = columnsOf(shape, records);
	const rows = records.slice(Number(shape.header)).slice(0, PREVIEW);
	shape.cells = rows.map((row) => shape.names.map((_, column) => cellOf(shape, row, column) ?? ""));
	shape.label = among(shape.names, LABELS);
	shape.text = textColumn(shape);
	return shape;
}

function encodingOf(start, cut) {
	if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: cut });
		return "utf-8";
	} catch {
		return "windows-1252"; // as spreadsheets write it
	}
}

function kindOf(name) {
	if (/\.(jsonl|ndjson|json)$/i.test(name)) return "JSON Lines";
	return /\.(csv|tsv)$/i.test(name) ? "CSV" : "lines of text";
}

/** Names are short and different, and none is a number or nothing. */
const namesColumns = (row) => new Set(row).size === row.length
	&& row.every((cell) => cell && cell.length < 40 && isNaN(cell))
	&& (row.length > 1 || among(row, TEXTS) >= 0);

function columnsOf({ kind, header }, records) {
	if (header) return records[0];
	if (kind === "CSV") {
		const width = Math.max(1, ...records.map((row) => row.length));
		return Array.from({ length: width }, (_, index) => `column ${index + 1}`);
	}
	const objects = kind === "JSON Lines" ? records.map(parsed).filter((value) => value?.constructor === Object) : [];
	return objects.length ? [...new Set(objects.flatMap(Object.keys))] : ["text"];
}

const among = (names, known) => names.findIndex((name) => known.includes(name.trim().toLowerCase()));

/** The column with a usual name, else the one with the longest texts. */
function textColumn({ names, cells }) {
	const lengths = names.map((_, column) => cells.reduce((sum, row) => sum + row[column].length, 0));
	const named = among(names, TEXTS);
	return named < 0 ? lengths.indexOf(Math.max(...lengths)) : named;
}

function parsed(line) {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

function cellOf({ kind, names }, record, column) {
	if (kind === "lines of text") return record;
	if (kind === "CSV") return record[column];
	const value = parsed(record);
	const cell = typeof value === "string" ? value : value?.[names[column]];
	return cell == null || typeof cell === "string" ? cell : JSON.stringify(cell);
}

const readerOf = ({ kind, delimiter }) => (kind === "CSV" ? new CsvRows(delimiter) : new Lines());

class Lines {
	#rest = "";

	push(piece) {
		const lines = (this.#rest + piece).split(/\r?\n/);
		this.#rest = lines.pop();
		return lines.filter((line) => line.trim());
	}

	end() {
		return { rows: this.#rest.trim() ? [this.#rest] : [] };
	}
}

/**
 * The records: each with its number, its text or what is wrong with it, and its label. shape: what
 * `look` returns, with the columns that were chosen; read: told of the bytes so far.
 */
export async function* recordsOf(file, shape, read) {
	const reader = readerOf(shape);
	const decoder = new TextDecoder(shape.encoding);
	let number = shape.header ? -1 : 0;
	const made = (record, open) => ({ number: ++number, record, ...contentOf(shape, record, open) });
	for await (const piece of pieces(file, read)) {
		for (const record of reader.push(decoder.decode(piece, { stream: true }))) {
			const found = made(record);
			if (found.number) yield found;
		}
	}
	const { rows, open } = reader.end();
	for (const record of rows) yield made(record, open);
}

async function* pieces(file, read) {
	const stream = file.stream().getReader();
	for (let bytes = 0; ;) {
		const { done, value } = await stream.read();
		if (done) return;
		yield value;
		read(bytes += value.length);
	}
}

function contentOf(shape, record, open) {
	const label = shape.label < 0 ? null : cellOf(shape, record, shape.label);
	const text = cellOf(shape, record, shape.text);
	if (open) return { label, problem: "a quote is opened and not closed" };
	if (shape.kind === "JSON Lines" && parsed(record) === undefined) return { problem: "it is not JSON" };
	return text == null ? { label, problem: `it has nothing in ${shape.names[shape.text]}` } : { text, label };
}

export const outputHead = ({ kind, names, delimiter }) => (kind === "JSON Lines" ? ""
	: csvLine([...names, "predicted_label", "predicted_score", "sure", "error"], delimiter));

/** A record as it is handed back: with what the model answered. */
export function outputLine({ kind, names, delimiter }, { record }, prediction) {
	if (kind === "JSON Lines") {
		const value = parsed(record);
		const own = value?.constructor === Object ? value : { text: value ?? record };
		return `${JSON.stringify({ ...own, prediction })}\n`;
	}
	const { label, score, sure, error } = prediction;
	const own = kind === "CSV" ? names.map((_, column) => record[column]) : [record];
	return csvLine([...own, label, score, sure, error], delimiter);
}
