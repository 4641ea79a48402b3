/** Links, and the request for other tools; without the key unless asked for. */

import { button, make } from "./dom.js";

const KEY = "page-key";

const fragment = () => new URLSearchParams(location.hash.slice(1));
const setFragment = (given) => history.replaceState(null, "", location.pathname + (given.size ? `#${given}` : ""));

/** Take text and key from the address, and the key off it. */
export function arrive(keyed) {
	const given = fragment();
	const key = given.get("key");
	if (key) {
		if (keyed) sessionStorage.setItem(KEY, key);
		given.delete("key");
		setFragment(given);
	}
	return { text: given.get("text"), key: keyed ? sessionStorage.getItem(KEY) : null };
}

/** Take a text off the address that is not the present one. */
export function forget(text) {
	if ((fragment().get("text") ?? text) !== text) setFragment({});
}

const link = (given) => new URL(`.#${new URLSearchParams(given)}`, location.href).href;
const body = (text) => JSON.stringify({ text });

const curl = (text, { invocations, key }) => `curl '${new URL(invocations, location.href)}' \\
	-H 'Content-Type: application/json' \\${key ? "\n  -H \"x-page-key: $PAGE_KEY\" \\" : ""}
	-d '${body(text).replaceAll("'", "'\\''")}'
`;

const boto3 = (text, { endpoint = "YOUR-ENDPOINT" }) => `import boto3

answer = boto3.client("sagemaker-runtime").invoke_endpoint(
		EndpointName=${JSON.stringify(endpoint)},
		ContentType="application/json",
		Body=${JSON.stringify(body(text))}.encode(),
)
print(answer["Body"].read().decode())
`;

export function sharing(text, place) {
	const told = make("div", { role: "status", class: "quiet" });
	const copying = (name, copied) => button(`Copy ${name}`, () => copy(copied, name, told));
	const buttons = [copying("link", link({ text })), copying("as curl", curl(text, place)),
		copying("as boto3", boto3(text, place))];
	if (place.key) buttons.push(copying("link with the key", link({ key: place.key, text })));
	return make("div", {}, make("p", { class: "actions" }, ...buttons), told);
}

async function copy(text, name, told) {
	try {
		await navigator.clipboard.writeText(text);
		told.textContent = `Copied ${name}.`;
	} catch {
		// Without permission, or on a page without TLS: people copy it themselves.
		const area = make("textarea", { rows: 4, readonly: true, "aria-label": `To be copied ${name}` }, text);
		told.replaceChildren("Copy it from here:", area);
		area.select();
	}
}
