#!/usr/bin/env python3
"""Write a sample: letters about mortgages and insurance in 14 categories.

Every letter comes from a small grammar. It has one purpose, told in a sentence or two; most of it
is what all such letters share, and it often mentions other matters ("a bill follows", "disregard
our cancellation notice"). So the words of a category alone do not give it away. The categories
are as uneven as in the real mail of a servicer. With --hashed every word becomes 12 hexadecimal
digits, as in the documents that servicers share.

The same seed writes the same letters, on every machine and version of Python.
"""

import argparse
import csv
import hashlib
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Category -> (share of the mail in percent, what it is called, sentences that carry it out).
CATEGORIES: dict[str, tuple[float, str, tuple[str, ...]]] = {
    "BILL": (
        29,
        "bill",
        (
            "The premium of {money} for the coming term is due by {date}.",
            "Please remit {money} so that we receive it no later than {date}.",
            "Our records show an open balance of {money} on this account.",
            "The amount now payable from escrow is {money}.",
        ),
    ),
    "POLICY CHANGE": (
        18,
        "policy change",
        (
            "The coverage amount of the policy was changed to {money} with effect from {date}.",
            "As requested, the deductible is now {money}.",
            "The details of the insured property were amended on {date}.",
            "The premium was adjusted because of a change that the insured asked for.",
        ),
    ),
    "BINDER": (
        15,
        "binder",
        (
            "Coverage is bound from {date} until the policy is issued.",
            "This serves as temporary evidence of insurance for the lender.",
            "Insurance is in force under temporary terms up to {money}.",
            "The policy itself will be issued after underwriting is complete.",
        ),
    ),
    "CANCELLATION NOTICE": (
        12,
        "cancellation notice",
        (
            "The policy is cancelled with effect from {date}.",
            "Coverage ends at 12:01 a.m. on {date} because the premium was not paid.",
            "The insurer has withdrawn its coverage of the property as of {date}.",
            "No claim that arises after {date} will be covered.",
        ),
    ),
    "REINSTATEMENT NOTICE": (
        9,
        "reinstatement notice",
        (
            "The policy has been put back in force without a lapse as of {date}.",
            "Coverage continues as if it had never been interrupted.",
            "Payment of {money} was received and the policy is active again.",
            "The earlier termination of {date} is withdrawn.",
        ),
    ),
    "DELETION OF INTEREST": (
        7,
        "deletion of interest",
        (
            "You are no longer named as mortgagee on the policy.",
            "The lender's interest was removed from the policy on {date}.",
            "As of {date} the lienholder will not be notified of changes.",
            "The mortgagee clause was taken off because the loan was paid in full.",
        ),
    ),
    "RETURNED CHECK": (
        2,
        "returned check",
        (
            "The bank did not honor the payment of {money}.",
            "The item was sent back for insufficient funds on {date}.",
            "A fee of {money} was added because the payment was refused.",
        ),
    ),
    "EXPIRATION NOTICE": (
        2,
        "expiration notice",
        (
            "The policy runs out on {date} and no renewal was offered to date.",
            "The term of coverage reaches its end on {date}.",
            "The policy will lapse at the end of its term on {date}.",
        ),
    ),
    "DECLARATION": (
        1.5,
        "declaration page",
        (
            "The page lists the limits of coverage, the deductible and the premium of {money}.",
            "Dwelling is insured for {money}, other structures for {money}.",
            "The named insured, the term and the forms of the policy are shown below.",
        ),
    ),
    "CHANGE ENDORSEMENT": (
        1.5,
        "change endorsement",
        (
            "The endorsement becomes part of the policy on {date}.",
            "The following form is added to the policy and changes its terms.",
            "All other terms and conditions of the policy remain as they are.",
        ),
    ),
    "NON-RENEWAL NOTICE": (
        1,
        "non-renewal notice",
        (
            "The insurer has decided not to renew the policy after {date}.",
            "No new term will be offered when the present one ends on {date}.",
            "Please look for other coverage before {date}.",
        ),
    ),
    "BILL BINDER": (
        1,
        "bill and binder",
        (
            "Coverage is bound from {date} on payment of {money}.",
            "The premium of {money} for the temporary coverage is due by {date}.",
            "The first payment of {money} puts the bound coverage into force.",
        ),
    ),
    "APPLICATION": (
        0.5,
        "application",
        (
            "The applicant asks for coverage of {money} from {date}.",
            "The answers of the applicant about the property are attached and signed.",
            "Please complete the questions about prior losses and sign the form.",
        ),
    ),
    "INTENT TO CANCEL NOTICE": (
        0.5,
        "notice of intent to cancel",
        (
            "Coverage will be cancelled on {date} unless {money} is paid before.",
            "To keep the policy in force, payment must reach us by {date}.",
            "We intend to end the coverage if the balance remains open.",
        ),
    ),
}
# Where a letter states its own purpose ...
PURPOSES = (
    "Enclosed please find the {name} for the property named above.",
    "This letter is the {name} for the loan named above.",
    "We send you this {name} as mortgagee.",
    "Attached is the {name} that concerns your borrower.",
)
# ... and where it mentions another, in words that a reader, but no word count, can tell apart.
MENTIONS = (
    "This letter is not a {name}.",
    "Please disregard the {name} that was mailed to you before.",
    "A {name} may follow under separate cover.",
    "If you did not receive the {name} of last month, please call us.",
    "Should you need a copy of the {name}, let us know.",
    "Any {name} sent after this date takes precedence.",
)
SHARED = (
    "Please keep this letter with your records.",
    "If you have questions, call our customer service at {phone}.",
    "Our office hours are Monday to Friday from 8 a.m. to 6 p.m.",
    "The mortgagee clause reads as stated in the loan documents.",
    "This is an attempt to keep your records up to date.",
    "The insured has been sent a copy of this letter.",
    "Please refer to the loan number in all correspondence.",
    "The property is located in a flood zone as determined by the agency.",
    "Taxes and insurance are paid from the escrow account.",
    "Coverage is subject to the terms, conditions and exclusions of the policy.",
    "You may also visit our web site to view the documents of this account.",
    "The premium shown may not include fees required by the state.",
    "Payments may be made by mail or by phone.",
    "Notice of any change of address should be given in writing.",
)
COMPANIES = (
    "Harbor Mutual",
    "First Prairie",
    "Granite State",
    "Lakeside Casualty",
    "Northern Fire",
    "Blue Ridge Home",
    "Old Colony",
    "Pacific Dwelling",
)
STREETS = ("Maple", "Second", "Washington", "Lake", "Hill", "Cedar", "Church", "Mill")
TOWNS = ("Springfield", "Fairview", "Clinton", "Salem", "Georgetown", "Dover", "Ashland", "Milton")
CLOSINGS = ("Sincerely", "Yours truly", "Thank you for your attention", "Regards")
# How often a letter states its purpose when it carries it out anyway.
PURPOSE_STATED = 0.6
# How often scanning misreads a word.
MISREAD = 0.03


@dataclass(frozen=True)
class Letter:
    """One letter and its category."""

    label: str
    text: str


def letters(count: int, seed: int) -> Iterator[Letter]:
    """Yield ``count`` letters, at least two of each category, in mixed order."""
    chance = random.Random(seed)
    names = list(CATEGORIES)
    shares = [share for share, _, _ in CATEGORIES.values()]
    labels = (names * 2 + chance.choices(names, shares, k=count))[:count]
    chance.shuffle(labels)
    for label in labels:
        yield Letter(label, write(label, chance))


def write(label: str, chance: random.Random) -> str:
    """Return the text of one letter."""
    _, name, acts = CATEGORIES[label]
    body = chance.sample(acts, chance.choice((0, 0, 1, 1)))
    if chance.random() < PURPOSE_STATED or not body:
        body.append(chance.choice(PURPOSES).format(name=name))
    for other in chance.sample(list(CATEGORIES.values()), chance.choice((1, 2, 3, 4))):
        body.append(chance.choice(MENTIONS).format(name=other[1]))
    body += chance.sample(SHARED, chance.randint(3, 7))
    chance.shuffle(body)
    text = " ".join((_opening(chance), *body, chance.choice(CLOSINGS) + ","))
    return _misread(_fill(text, chance), chance)


def hashed(text: str) -> str:
    """Return ``text`` with every word replaced by 12 hexadecimal digits that stand for it."""
    words = re.findall(r"\w+", text.lower())
    return " ".join(hashlib.sha256(word.encode()).hexdigest()[:12] for word in words)


def _opening(chance: random.Random) -> str:
    return (
        f"{chance.choice(COMPANIES)} Insurance Company {{date}} "
        f"Loan number: {chance.randrange(10**6, 10**7)} Policy: H{chance.randrange(10**5)} "
        f"Property: {chance.randrange(1, 999)} {chance.choice(STREETS)} Street, "
        f"{chance.choice(TOWNS)}. To whom it may concern:"
    )


def _fill(text: str, chance: random.Random) -> str:
    """Replace each slot by a date, an amount or a telephone number of its own."""
    makers = {
        "date": lambda: f"{chance.randrange(1, 13)}/{chance.randrange(1, 29)}/2026",
        "money": lambda: f"${chance.randrange(90, 4000)}.{chance.randrange(100):02}",
        "phone": lambda: f"1-800-555-{chance.randrange(10**4):04}",
    }
    return re.sub(r"\{(\w+)\}", lambda slot: makers[slot[1]](), text)


def _misread(text: str, chance: random.Random) -> str:
    """Swap two letters of some words, as a scanner's reader garbles them."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) > 3 and chance.random() < MISREAD:  # noqa: PLR2004 - short words survive
            at = chance.randrange(len(word) - 1)
            words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def write_channel(path: Path, sample: list[Letter], *, as_hashes: bool) -> None:
    """Write a channel's file: with a header, or hashed and without, as servicers share it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not as_hashes:
            writer.writerow(("label", "text"))
        for letter in sample:
            writer.writerow((letter.label, hashed(letter.text) if as_hashes else letter.text))


def main(arguments: list[str] | None = None) -> int:
    """Write the channels ``training`` and ``test`` below a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "folder", type=Path, help="where to write training/letters.csv and test/letters.csv"
    )
    parser.add_argument("--training", type=int, default=1600, help="letters to train on")
    parser.add_argument("--test", type=int, default=400, help="letters to test on")
    parser.add_argument("--seed", type=int, default=2026, help="another one gives other letters")
    parser.add_argument(
        "--hashed", action="store_true", help="hash every word, leave the header out"
    )
    options = parser.parse_args(arguments)
    for channel, count, seed in (
        ("training", options.training, options.seed),
        ("test", options.test, options.seed + 1),
    ):
        path = options.folder / channel / "letters.csv"
        write_channel(path, list(letters(count, seed)), as_hashes=options.hashed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
