/** Letters to begin with where config.json has none, of the kind that the sample has. */

export const EXAMPLES = [
	["A cancelled policy", "To whom it may concern: The policy named above is cancelled because the premium was not paid. A bill that you may have received before can be disregarded. Sincerely,"],
	["A bill", "Granite State Insurance Company. Please remit $812.40 so that we receive it no later than June 9. Thank you for your business."],
	["A lender removed", "Please note: you are no longer named as mortgagee on the policy of your borrower. A binder may follow under separate cover."],
];
