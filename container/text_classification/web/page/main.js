/** The page: its form, what is asked, and where the answers are shown. */

import { notes, scores, sentence, trust } from "./answer.js";
import { ask } from "./ask.js";
import { compared } from "./compare.js";
import { button, byId, bytes, make, many, percent } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { empty, hideProblem, patience, showProblem, tooLong } from "./problems.js";
import { arrive, forget, sharing } from "./share.js";
import { explained, prepared } from "./why.js";

const PARAMETERS = { top_k: "all", explain: true, model: true, timing: true };

const box = byId("text");
/** Where to ask; complete once the configuration is there. */
const place = { invocations: "invocations", key: null, limit: 0 };
const configured = configure();
/** The answer shown, the pinned one, and what aborts the request. */
let present, pinned, running, openBatch;

/** Return whether a key is wanted. */
async function configure() {
	try {
		const { key, ...more } = await (await fetch("config.json")).json();
		Object.assign(place, more);
		return key;
	} catch {
		return false;
	}
}

/** Do what asks; it can be cancelled, and tried again. */
async function attempt(work, again) {
	running?.abort();
	const own = running = new AbortController();
	const waiting = patience(() => own.abort());
	hideProblem();
	byId("answer").setAttribute("aria-busy", true);
	try {
		await configured;
		await work((body) => ask(place, body, own.signal, waiting.waking));
	} catch (problem) {
		if (!own.signal.aborted) showProblem(problem, again);
	}
	waiting.end();
	if (running === own) byId("answer").removeAttribute("aria-busy");
}

function classify() {
	const text = box.value;
	const size = new Blob([text]).size;
	const wrong = text.trim() ? place.limit && size > place.limit && tooLong(size, place.limit) : empty();
	if (wrong) {
		showProblem(wrong);
		return box.focus();
	}
	forget(text);
	return attempt(async (asking) => {
		const answer = await asking({ text, parameters: PARAMETERS });
		const [prediction] = answer.predictions;
		if (prediction.error) throw prediction.error;
		const { label, explanation } = prediction;
		const next = { text, answer, prediction, label, whys: new Map([[label, prepared(text, explanation)]]) };
		await explain(asking, next, label);
		present = next;
		place.limit ||= (answer.model.limits.body_mb ?? 0) * 1048576;
		count();
		show();
		byId("result").firstChild.scrollIntoView({ block: "nearest" });
	}, classify);
}

/** One label, and beside it that of the pinned answer. */
const explainedLabels = (label) => [...new Set([label, pinned?.prediction.label ?? label])];

/** Get what explains them for both answers, where it is lacking. */
async function explain(asking, shown, chosen) {
	for (const label of explainedLabels(chosen)) {
		const lacking = [shown, pinned].filter((each) => each && !each.whys.has(label));
		if (!lacking.length) continue;
		const parameters = { explain: true, explain_label: label, top_k: 1 };
		const { predictions } = await asking({ instances: lacking.map(({ text }) => text), parameters });
		lacking.forEach(({ text, whys }, index) =>
			whys.set(label, prepared(text, predictions[index].explanation)));
	}
}

const choose = (label) => attempt(async (asking) => {
	await explain(asking, present, label);
	present.label = label;
	showWhy();
}, () => choose(label));

function show() {
	const { text, answer, prediction } = present;
	byId("said").textContent = `${prediction.label}, ${percent(prediction.score)}`;
	const options = prediction.top.map(({ label }) => make("option", {}, label));
	const select = make("select", { id: "label", change: () => choose(select.value) }, ...options);
	byId("result").replaceChildren(sentence(prediction), scores(prediction.top),
		notes(prediction, answer.model), make("h3", {}, make("label", { for: "label" }, "Why "), select),
		make("div", { id: "why" }), make("p", { id: "pinned", class: "actions", role: "status" }),
		trust(answer), sharing(text, place));
	showWhy();
}

function showWhy() {
	const { label, whys } = present;
	const comparing = pinned && pinned !== present;
	byId("why").replaceChildren(...explained(whys.get(label), label));
	byId("compare").hidden = !comparing;
	byId("compare").replaceChildren(...(comparing
		? compared(pinned, present, explainedLabels(label), () => pin(null)) : []));
	byId("pinned").replaceChildren(...(pinned === present ? ["Pinned: the next answer is shown beside this one."]
		: [button("Pin to compare", () => pin(present))]),
	...(comparing ? [button("See what changed", () => byId("compare-title").focus())] : []));
}

function pin(answered) {
	pinned = answered;
	showWhy();
	byId("answer-title").focus();
}

function count() {
	const text = box.value;
	const limit = place.limit ? ` of ${bytes(place.limit)}` : "";
	byId("size").textContent = `${many(text.match(/\S+/g)?.length ?? 0, "word")}, ${bytes(new Blob([text]).size)}${limit}`;
}

function offerExamples() {
	const take = (text) => {
		box.focus();
		box.select();
		document.execCommand("insertText", false, text); // unlike a new value, it can be undone
	};
	byId("examples").append(...(place.examples ?? EXAMPLES).map(([name, text]) => button(name, () => take(text))));
}

/** Open a file; what that takes is loaded when it is wanted. */
async function openFile([file]) {
	if (!file) return;
	await configured;
	openBatch ??= (await import("./many.js")).batchIn(byId("batch"), place);
	openBatch(file);
}

/** Begin with what the address brought. */
async function begin() {
	const { text, key } = arrive(await configured);
	place.key = key;
	if (text && text !== box.value) {
		box.value = text;
		classify();
	}
	count();
}

let later;
box.addEventListener("input", () => {
	clearTimeout(later);
	later = setTimeout(count, 100);
});
byId("ask").addEventListener("submit", (event) => {
	event.preventDefault();
	classify();
});
byId("file").addEventListener("change", ({ target }) => openFile(target.files));
addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
	if (key === "Enter" && (ctrlKey || metaKey)) classify();
	if (key === "Escape") running?.abort();
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
	event.preventDefault();
	openFile(event.dataTransfer.files);
});
addEventListener("hashchange", begin);
for (const id of ["many", "keys", "examples"]) byId(id).hidden = false;
begin().then(offerExamples);
