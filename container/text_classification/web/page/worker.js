/** Reads a file, asks, counts, and keeps nothing of it. */

import { ask } from "./ask.js";
import { look, outputHead, outputLine, recordsOf } from "./records.js";
import { Tally } from "./tally.js";

/** A request has so many documents or characters. */
const ROWS = 500;
const CHARACTERS = 400_000;
const AT_ONCE = 2;
const SHOWN = 160;
/** After these, fewer documents a request may do. */
const TOO_MUCH = ["BODY_TOO_LARGE", "RECORDS_TOO_MANY", "DOCUMENT_TOO_LONG", "TIMED_OUT", "WORKER_LOST",
	"ANSWER_TOO_LARGE"];

let stopping = new AbortController();
let resuming = Promise.withResolvers();

const tell = (kind, told) => postMessage({ kind, ...told });
const plain = ({ code, message, remedy }) => ({ problem: { code, message, remedy } });

const actions = {
	look: async ({ file, header }) => tell("looked", { shape: await look(file, header) }),
	run,
	stop: () => stopping.abort(),
	resume() {
		resuming.resolve();
		resuming = Promise.withResolvers();
	},
};

onmessage = ({ data }) => Promise.resolve(actions[data.action](data))
	.catch((error) => tell("halted", { ...plain(error), final: true }));

async function run({ file, shape, place }) {
	stopping = new AbortController();
	const { signal } = stopping;
	const job = { shape, place, signal, tally: new Tally(), bytes: 0 };
	tell("part", { rows: 0, output: new Blob([outputHead(shape)]) });
	const underWay = [];
	let records = [], characters = 0;
	const send = async () => {
		underWay.push(answered(job, records));
		[records, characters] = [[], 0];
		if (underWay.length >= AT_ONCE) await underWay.shift();
	};
	try {
		for await (const record of recordsOf(file, shape, (bytes) => { job.bytes = bytes; })) {
			signal.throwIfAborted();
			records.push(record);
			characters += record.text?.length ?? 0;
			if (records.length >= ROWS || characters >= CHARACTERS) await send();
		}
		await send();
		await Promise.all(underWay);
	} catch (error) {
		await Promise.allSettled(underWay);
		if (!signal.aborted) throw error;
	} finally {
		tell("ended", { stopped: signal.aborted, ...job.tally });
	}
}

/** Answer records, and hand them over after all before them. */
function answered(job, records) {
	job.before = Promise.all([answersTo(job, records), job.before])
		.then(([answers]) => handOver(job, records, answers));
	job.before.catch(() => {}); // it is told where it is awaited
	return job.before;
}

/** Return the answers; where that fails, wait to be told to go on. */
async function answersTo(job, records) {
	const good = records.filter(({ problem }) => !problem);
	for (;;) {
		try {
			const found = good.length ? await classified(job, good) : [];
			return records.map(({ problem }) => (problem ? { error: problem } : found.shift()));
		} catch (problem) {
			job.signal.throwIfAborted();
			tell("halted", plain(problem));
			await Promise.race([resuming.promise, new Promise((resolve) =>
				job.signal.addEventListener("abort", resolve))]);
			job.signal.throwIfAborted();
		}
	}
}

/** The answers to records, in halves where they are too much at a time. */
async function classified(job, records) {
	const body = { instances: records.map(({ text }) => ({ text })), parameters: { top_k: 1 } };
	try {
		const { predictions } = await ask(job.place, body, job.signal, (problem) => {
			if (TOO_MUCH.includes(problem.code)) throw problem;
			tell("waiting", plain(problem));
		});
		return predictions.map(({ label, score, sure, error }) =>
			(error ? { error: error.message } : { label, score, sure }));
	} catch (problem) {
		if (!TOO_MUCH.includes(problem.code)) throw problem;
		if (records.length === 1) return [{ error: problem.message }];
		const middle = records.length >> 1;
		const first = await classified(job, records.slice(0, middle));
		return first.concat(await classified(job, records.slice(middle)));
	}
}

function handOver(job, records, answers) {
	const view = records.map(({ number, text = "", label: own }, index) => {
		const { label, score, sure, error } = answers[index];
		job.tally.add(number, own, answers[index]);
		return [number, text.slice(0, SHOWN), label, score, sure, own, error];
	});
	const output = records.map((record, index) => outputLine(job.shape, record, answers[index]));
	tell("part", { rows: view.length, view: new Blob([JSON.stringify(view)]), output: new Blob(output) });
	tell("progressed", { bytes: job.bytes, rows: job.tally.rows, failed: job.tally.failed });
}
