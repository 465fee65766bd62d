"""Every error code with its message and remedy (`area.noun.problem`), sorted by code.

Messages are lower-case, one line, back-ticks round input words from closed vocabularies; slots are
filled by `Problem.detail`. A test checks that every code used in the source is here, and that every
code here is used.
"""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class Wording:
    """How one error is said."""

    message: str
    remedy: str


REGISTRY: Final[dict[str, Wording]] = {
    "json.document.too_deep": Wording(
        "JSON is nested more than {limit} levels deep", "send a flatter document"
    ),
    "json.key.duplicate": Wording(
        "a JSON object holds the same key twice", "keep one of the two and send it again"
    ),
    "json.number.float": Wording("a number has a fraction or an exponent", "write decimals as strings"),
    "json.number.too_large": Wording(
        "a whole number is outside ±(2^53 - 1)", "write large numbers as strings"
    ),
    "json.syntax.invalid": Wording(
        "this is not JSON (line {line}, column {column})", "correct the document and send it again"
    ),
    "json.text.control_character": Wording("a text holds a control character", "remove it and send it again"),
    "json.text.not_utf8": Wording("the bytes are not UTF-8", "save the file as UTF-8"),
    "json.value.unsupported": Wording(
        "a value of a kind that JSON cannot hold", "use texts, whole numbers, lists and objects"
    ),
    "time.date.invalid": Wording("this is not a date", "write it as YYYY-MM-DD"),
    "time.instant.invalid": Wording("this is not an instant", "write it as YYYY-MM-DDThh:mm:ssZ (RFC 3339)"),
    "time.instant.no_zone": Wording(
        "the instant has no time zone", "add `Z` for UTC or an offset such as -06:00"
    ),
    "facts.name.unknown": Wording("a fact has a name that is not in the table", "use one of: {known}"),
    "facts.value.unknown": Wording(
        "a fact has a value that is not in its list", "use `unknown` or one of: {allowed}"
    ),
    "facts.source.not_allowed": Wording("this source may not supply this fact", "use one of: {allowed}"),
    "facts.fact.malformed": Wording(
        "a fact is not an object of value, source, reading and optional evidence",
        "write it as in the contracts",
    ),
    "facts.standing.unknown": Wording(
        "a fact's source or reading is not in its list",
        "source: requester, custodian, court, independent; reading: machine, person",
    ),
    "json.shape.mismatch": Wording(
        "the document does not have the shape of `{kind}`", "check it against the schema"
    ),
    "determination.item.unknown": Wording("no such item in this request", "name one of the request's items"),
    "workflow.event.not_allowed": Wording(
        "`{event}` is not possible while the case is `{state}`",
        "do the steps in their order; `habeas admin case REF` shows the next one",
    ),
    "events.event.malformed": Wording("a stored event cannot be read", "run `habeas admin doctor`"),
    "events.version.unreadable": Wording(
        "no upcaster reads `{kind}` version {version}", "upgrade Habeas, then read it again"
    ),
    "demo.paper.box_unknown": Wording("a `{kind}` has no such box", "tick one of {boxes}, or none"),
    "demo.paper.kind_unknown": Wording("no paper of this kind can be drawn", "use one of {kinds}"),
    "demo.paper.variant_unknown": Wording("there is no such layout", "choose a layout from 0 to {last}"),
    "ledger.bundle.malformed": Wording(
        "an entry bundle does not hold just the entries it should",
        "fetch the file again, or compare it with a mirror",
    ),
    "ledger.bundle.missing": Wording(
        "an entry bundle is missing",
        "fetch the file again, or take it from a mirror",
    ),
    "ledger.checkpoint.malformed": Wording(
        "the checkpoint is not an origin, a size and a root",
        "ask the log's operator for the checkpoint again",
    ),
    "ledger.checkpoint.missing": Wording("there is no checkpoint", "fetch the log's `checkpoint` file"),
    "ledger.checkpoint.origin_differs": Wording(
        "the checkpoint is of another log than the key that signed it",
        "ask the log's operator which key belongs to which log",
    ),
    "ledger.cosignature.no_time": Wording(
        "a cosignature needs the time at which it is made",
        "give the time in whole seconds since 1970",
    ),
    "ledger.cosignature.too_few": Wording(
        "{found} of the witnesses you accept have cosigned, and you ask for {quorum}",
        "ask for a receipt under a newer checkpoint, or accept more witnesses",
    ),
    "ledger.entry.malformed": Wording(
        "this is not a ledger entry in its one canonical form",
        "ask whoever gave it to you for the original",
    ),
    "ledger.inclusion.refused": Wording(
        "the proof does not lead from this entry to the signed root",
        "do not rely on it; ask for the receipt again and report it if it fails again",
    ),
    "ledger.key.ambiguous": Wording("two different keys have the same name and id", "accept one of the two"),
    "ledger.key.malformed": Wording(
        "the key's name, id and bytes do not fit each other",
        "copy the whole key again from its publisher",
    ),
    "ledger.key.unsupported": Wording(
        "the key is of a signature type that is not checked here",
        "use an Ed25519 key (type 01, or 04 for a witness)",
    ),
    "ledger.note.malformed": Wording(
        "this is not a signed note",
        "ask whoever gave it to you for the original",
    ),
    "ledger.note.unsigned": Wording(
        "no log key that you accept has signed the checkpoint",
        "check that the key you gave is the log's own, from a source you trust",
    ),
    "ledger.opening.differs": Wording(
        "an opened part is not what the entry committed to",
        "do not rely on the opened part; ask for the receipt again",
    ),
    "ledger.opening.malformed": Wording(
        "an opening is not a part, a salt and a value",
        "ask whoever gave it to you for the original",
    ),
    "ledger.path.malformed": Wording(
        "this is not the path of a file of a log",
        "write it as `tile/<level>/<index>` (C2SP tlog-tiles)",
    ),
    "ledger.proof.malformed": Wording(
        "this is not a `c2sp.org/tlog-proof@v1`",
        "ask whoever gave it to you for the original",
    ),
    "ledger.receipt.malformed": Wording(
        "a receipt has exactly a schema, an entry, openings and a proof",
        "ask whoever gave it to you for the original",
    ),
    "ledger.receipt.too_large": Wording(
        "a receipt has at most {limit} bytes", "give the receipt's own file"
    ),
    "ledger.receipt.wrong_schema": Wording(
        "this is not a `{schema}` document",
        "give the receipt's own file",
    ),
    "ledger.root.differs": Wording(
        "the entries do not give the root that the checkpoint signs",
        "compare with witnesses and mirrors; do not sign anything more",
    ),
    "ledger.salt.reused": Wording(
        "two parts of an entry have the same salt",
        "make three different salts of 32 random bytes",
    ),
    "ledger.salt.wrong_size": Wording(
        "a salt or a secret for salts has not {size} bytes",
        "use {size} random bytes",
    ),
    "ledger.signature.invalid": Wording(
        "a signature that names an accepted key is not by that key",
        "do not rely on it; ask for the receipt again and report it if it fails again",
    ),
    "ledger.tile.differs": Wording(
        "a tile does not hold the hashes that the entries give",
        "compare it with a mirror; do not sign anything more",
    ),
    "ledger.tile.missing": Wording("a tile is missing", "fetch the file again, or take it from a mirror"),
    "ledger.tile.wrong_size": Wording(
        "a tile has not the number of hashes that its path says",
        "fetch the file again, or compare it with a mirror",
    ),
    "ledger.tree.outside": Wording(
        "an index, range or size lies outside the tree",
        "ask for what lies inside it",
    ),
    "ledger.trust.empty": Wording(
        "no log key was given",
        "give the log's key with `--vkey`; a receipt cannot vouch for itself",
    ),
    "ledger.trust.quorum_unreachable": Wording(
        "the quorum is not between 0 and the {witnesses} witnesses given",
        "give as many witness keys as the quorum asks for",
    ),
    "facts.check.not_described": Wording(
        "an independent check does not say how it was made",
        "say who was called, at which directory number, or which docket was looked up",
    ),
    "determination.person.may_not_decide": Wording(
        "this person may not decide items", "ask a reviewer, an approver or counsel"
    ),
    "determination.override.no_reason": Wording(
        "`{outcome}` departs from `{effect}` and no reason is given",
        "give the reason with `--override-reason`",
    ),
    "determination.override.against_law": Wording(
        "a release is not possible here, not even as an override", "send the item to counsel, or refuse it"
    ),
    "determination.override.counsel_only": Wording(
        "only counsel may depart toward release", "send the item to counsel"
    ),
    "determination.instruction.no_basis": Wording(
        "an instruction from above names no legal basis",
        "give the legal basis as the reason; an objection may be recorded with it",
    ),
    "determination.vendor.cannot_answer": Wording(
        "a vendor forwards a request and never answers it", "send it to the agency that owns the record"
    ),
    "determination.facts.unconfirmed": Wording(
        "a fact that a release rests on was read by the machine only",
        "look at the paper and confirm the facts first",
    ),
    "disclosure.items.none": Wording("no item of this case is decided `release`", "decide the items first"),
    "disclosure.person.may_not_approve": Wording(
        "this person may not approve a release", "ask an approver or counsel"
    ),
    "disclosure.approver.same_person": Wording(
        "the person who decided cannot also approve", "ask a second person"
    ),
    "disclosure.authorization.missing": Wording(
        "the release is not authorized as it stands", "have a second person approve it first"
    ),
    "case.ref.unknown": Wording(
        "there is no such request", "check the reference; `habeas case list` shows them"
    ),
    "case.history.gap": Wording("the history of a case has a gap", "run `habeas admin doctor`"),
    "intake.arrival.not_quarantined": Wording(
        "the arrival is not in quarantine but `{state}`",
        "nothing to release; `habeas admin quarantine` lists what is",
    ),
    "intake.unit.unknown": Wording("the agency has no such unit", "use one of: {known}"),
    "intake.holder.unknown": Wording(
        "no mailbox or form says which agency this is for",
        "name it with --custodian and --unit; known agencies: {known}",
    ),
}
