/** What tokens add to a logit: rounded, placed in the text, joined to phrases. */

const SCALE = 1000;
/** Shares of the largest value to mark a word, and strongly. */
const MARKED = 0.15;
const STRONG = 0.5;

/**
 * Round values so that those shown add up to the total shown: all are rounded down, and then those
 * with the largest rests up.
 */
export function addUp(values) {
	const scaled = values.map((value) => value * SCALE);
	const total = Math.round(scaled.reduce((sum, value) => sum + value, 0));
	const rounded = scaled.map(Math.floor);
	const missing = total - rounded.reduce((sum, value) => sum + value, 0);
	const rests = scaled.map((value, index) => [value - rounded[index], index]);
	rests.sort((one, other) => other[0] - one[0]);
	for (const [, index] of rests.slice(0, missing)) rounded[index] += 1;
	return { values: rounded.map((value) => value / SCALE), total: total / SCALE };
}

/** An explanation's values and constant, rounded so that they add up. */
export function shown(explanation) {
	const { values, total } = addUp([...explanation.values, explanation.constant]);
	return { constant: values.pop(), values, total };
}

/** A letter with its marks, and what is invisible behind it. */
const LETTER = /[^][\p{M}\p{DI}\u1160-\u11ff]*/gu;
/** What is invisible, but for what an emoji is made of. */
const INVISIBLE = /(?![\u200d\u{e0020}-\u{e007f}])\p{DI}/gu;

/**
 * Return the start and end of each token in its text, in any case and normal form; null where one is
 * not found.
 */
export function align(text, tokens) {
	let composed = "";
	const places = [];
	for (const { 0: letter, index } of text.matchAll(LETTER)) {
		const normal = letter.replace(INVISIBLE, "").normalize("NFC");
		for (let unit = 0; unit < normal.length; unit++) places.push([index, index + letter.length]);
		composed += normal;
	}
	return spansOf(composed, tokens)?.map(([start, end]) => [places[start][0], places[end - 1][1]]);
}

function spansOf(text, tokens) {
	let position = 0;
	const spans = [];
	for (const token of tokens) {
		const letters = [...token].map((letter) => letter.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"));
		const pattern = new RegExp(letters.join("['\u2019\u200d\u{e0020}-\u{e007f}]*"), "giu");
		pattern.lastIndex = position;
		const match = pattern.exec(text);
		if (!match || /[\p{L}\p{N}]/u.test(text.slice(position, match.index))) return null;
		position = pattern.lastIndex;
		spans.push([match.index, position]);
	}
	return spans;
}

/** Classes of the page's style by the size of each value. */
export function strengths(values) {
	const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
	return values.map((value) => {
		const share = Math.abs(value) / largest;
		if (share < MARKED) return "";
		return (value > 0 ? "for" : "against") + (share < STRONG ? "" : " strong");
	});
}

/** Neighbouring words for the same side, strongest first. */
export function phrases(words, values) {
	const sides = strengths(values).map((kind) => kind.split(" ")[0]);
	const runs = [];
	sides.forEach((side, index) => {
		if (!side) return;
		const last = runs.at(-1);
		if (last?.side === side && last.end === index) {
			last.text += ` ${words[index]}`;
			last.value += values[index];
			last.end = index + 1;
		} else {
			runs.push({ side, end: index + 1, text: words[index], value: values[index] });
		}
	});
	return runs.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
}

/** What each word adds before and now; largest change first. */
export function changes(before, now) {
	const words = new Map();
	for (const [side, { tokens, values }] of [["before", before], ["now", now]]) {
		tokens.forEach((word, index) => {
			const entry = words.get(word) ?? { word, before: 0, now: 0 };
			entry[side] += values[index];
			words.set(word, entry);
		});
	}
	const size = (each) => Math.abs(each.now - each.before);
	return [...words.values()].sort((one, other) => size(other) - size(one));
}
