/** Letters to begin with, where config.json has none. */

export const EXAMPLES = [
	["A cancelled policy", "To whom it may concern: The policy named above is cancelled because the premium was not paid. A bill that you may have received can be disregarded."],
	["A bill", "Granite State Insurance Company. Please remit $812.40 so that we receive it no later than June 9."],
	["A lender removed", "Please note: you are no longer named as mortgagee on the policy. A binder may follow."],
];
