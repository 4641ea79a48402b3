/** A request to the model, repeated while it wakes up. */

const PATIENCE_MS = 180_000;
const ANSWER_MS = 130_000;

/** A problem: code, sentence, remedy; again: the seconds to wait. */
export class Problem extends Error {
	constructor(code, message, remedy, again) {
		super(message);
		Object.assign(this, { code, remedy, again });
	}
}

/** Ask, and again while the model wakes up; `took` is in milliseconds. */
export async function ask(place, body, signal, waiting) {
	const text = JSON.stringify(body);
	const began = performance.now();
	for (;;) {
		try {
			return await once(place, text, signal);
		} catch (problem) {
			if (!problem.again || performance.now() - began > PATIENCE_MS) throw problem;
			waiting(problem);
			await pause(1000 * problem.again, signal);
		}
	}
}

async function once({ invocations, key }, body, signal) {
	const headers = { "Content-Type": "application/json", Accept: "application/json" };
	if (key) headers["x-page-key"] = key;
	const limit = AbortSignal.timeout(ANSWER_MS);
	const began = performance.now();
	let response, answer;
	try {
		const either = AbortSignal.any([signal, limit]);
		response = await fetch(invocations, { method: "POST", headers, body, signal: either });
		answer = await response.json();
	} catch (error) {
		signal.throwIfAborted();
		// What cannot be parsed comes from something in between.
		if (!(error instanceof SyntaxError)) throw unanswered(limit.aborted);
	}
	if (response.ok && answer) return { ...answer, took: performance.now() - began };
	throw refused(response, answer?.error);
}

function refused({ status, headers }, error) {
	const code = error?.code ?? (status === 429 ? "THROTTLED" : `HTTP_${status}`);
	const said = Number(error?.retry_after_seconds ?? headers.get("Retry-After"));
	const again = (said || [429, 503].includes(status)) && Math.min(Math.max(said || 2, 1), 20);
	return new Problem(code, error?.message ?? "Something before the model answered in its place",
		error?.remedy ?? "Try again; if it stays, tell whoever runs this page.", again);
}

function unanswered(late) {
	if (late) return new Problem("TIMED_OUT", "The model did not answer in time", "Try again, or with a shorter text.");
	return navigator.onLine
		? new Problem("UNREACHABLE", "The server cannot be reached", "Check that it runs, and try again.")
		: new Problem("OFFLINE", "This computer is offline", "Try again when it is connected.");
}

const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
	const timer = setTimeout(resolve, milliseconds);
	signal.addEventListener("abort", () => {
		clearTimeout(timer);
		reject(signal.reason);
	});
});
