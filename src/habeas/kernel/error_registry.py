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
    "account.person.exists": Wording(
        "this person has an account",
        "set a new one-time password with `habeas admin account password`",
    ),
    "account.person.none": Wording(
        "this person has no account",
        "make one with `habeas admin account add`",
    ),
    "answer.items.undecided": Wording(
        "not every item is decided (undecided: {items})",
        "decide them first; `habeas case show` says what the law allows",
    ),
    "answer.items.with_counsel": Wording(
        "items are with counsel or before a court: {items}",
        "wait for their outcome and decide them again before the answer goes out",
    ),
    "answer.letter.changed": Wording(
        "the letter is no longer the one that was looked at",
        "look at it as it would go out now, then send it",
    ),
    "answer.means.missing": Wording("it is not said how the letter goes out", "say how: by mail, by fax, …"),
    "answer.question.too_late": Wording(
        "a request for missing papers is not possible while the case is `{state}`",
        "confirm the facts again first, or send the answer",
    ),
    "answer.sent.in_future": Wording(
        "a letter cannot have been sent in the future", "give the time it went out, or leave it out"
    ),
    "answer.sent.too_early": Wording(
        "a letter cannot have been sent before what it says was decided",
        "give the time it went out; it lies after the decision and the approval",
    ),
    "assign.person.cannot_work": Wording(
        "this person cannot work on this request", "choose somebody who works for the unit that was asked"
    ),
    "backup.archive.damaged": Wording(
        "the backup of the {part} is damaged: a file is missing, left over, or differs from its digest",
        "use another backup",
    ),
    "backup.archive.exists": Wording(
        "a backup of this moment is there already",
        "choose another folder, or wait a second",
    ),
    "backup.archive.malformed": Wording(
        "this is not a backup archive of the {part}",
        "name the two archives that `habeas admin backup` made",
    ),
    "backup.archive.missing": Wording(
        "there is no such archive",
        "name the two archives that `habeas admin backup` made",
    ),
    "backup.archive.none": Wording(
        "the folder holds no backup (a data and a key archive of one time)",
        "put both archives of one backup into it",
    ),
    "backup.database.server": Wording(
        "a database server is backed up with its own tools",
        "use pg_dump and pg_restore as docs/admin.md says (Backup on PostgreSQL)",
    ),
    "blobs.file.missing": Wording(
        "a stored paper is not where it should be",
        "run `habeas admin doctor`; restore the papers from the last backup",
    ),
    "case.event.unknown": Wording("the case has no such event", "use a number from 1 to {last}"),
    "case.history.gap": Wording("the history of a case has a gap", "run `habeas admin doctor`"),
    "case.ref.unknown": Wording(
        "there is no such request", "check the reference; `habeas case list` shows them"
    ),
    "case.version.conflict": Wording(
        "somebody else changed the case in the meantime", "look at it again, then repeat the step"
    ),
    "cli.file.failed": Wording(
        "a file cannot be read or written ({reason})", "check the path, the rights and the free space"
    ),
    "cli.run.uncaught": Wording(
        "something that Habeas does not expect happened ({kind}); what was reported as done is done",
        "run it again with HABEAS_DEBUG=1 and report the trace",
    ),
    "cli.setting.malformed": Wording(
        "a correction is not FACT=VALUE",
        "write `--set paper_signed=yes` or, for one item, `--set 1:item_public=no`",
    ),
    "cli.state.unknown": Wording("there is no such state", "use one of: {known}"),
    "cli.usage.invalid": Wording("the command line cannot be understood", "see `--help` of the command"),
    "config.database.one_role": Wording(
        "two of the three roles are the same",
        "name three different users: app, sequencer and owner",
    ),
    "config.file.unreadable": Wording(
        "the configuration cannot be read",
        "check that the file belongs to this user",
    ),
    "config.home.not_a_folder": Wording(
        "the home is not a folder",
        "name a folder, or remove the file that stands there",
    ),
    "config.key.missing": Wording(
        "a key is missing",
        "add it",
    ),
    "config.key.unknown": Wording(
        "a key that nothing reads",
        "use one of: {known}",
    ),
    "config.person.may_not_look": Wording(
        "only some roles may look at further agencies", "give the person one of {allowed}, or remove `also`"
    ),
    "config.secret.in_variable": Wording(
        "a secret stands in a variable, where other programs can read it",
        "put it into a file and name that in {file}",
    ),
    "config.secret.unreadable": Wording(
        "the file of a secret cannot be read",
        "check its name, and that it belongs to this user",
    ),
    "config.toml.invalid": Wording(
        "this is not TOML (line {line}, column {column})",
        "correct the file",
    ),
    "config.value.empty": Wording(
        "the value is empty",
        "give it a value, or remove it",
    ),
    "config.value.not_in_list": Wording(
        "the value is not in its list",
        "use one of: {allowed}",
    ),
    "config.value.twice": Wording(
        "the same value stands twice",
        "keep it once",
    ),
    "config.value.wrong_form": Wording(
        "the value has another form than `{form}`",
        "write it in that form",
    ),
    "config.value.wrong_type": Wording(
        "the value is of another kind",
        "write {wanted}",
    ),
    "config.variable.unknown": Wording(
        "a variable that nothing reads",
        "use one of: {known}",
    ),
    "config.zone.unknown": Wording(
        "this is not an IANA time zone",
        "write one such as America/Denver",
    ),
    "decide.document.key_missing": Wording("the document has no `{key}`", "add it"),
    "decide.document.key_unknown": Wording(
        "the document has a key that is not known", "use schema, on, jurisdiction, facts and items"
    ),
    "decide.document.other_schema": Wording(
        "this is not a `{schema}` document", 'write an object with "schema": "{schema}"'
    ),
    "decide.item.malformed": Wording(
        "an item is not {{id, category, facts?}} with a known category",
        "give it a short id and a data category of the vocabulary",
    ),
    "decide.item.twice": Wording("two items have the same id", "give each item an id of its own"),
    "decide.items.malformed": Wording(
        "items is not a list of 1 to {limit} items", "name at least one item asked for"
    ),
    "decide.jurisdiction.malformed": Wording("this is not a jurisdiction", "write it as `us` or `us-co`"),
    "demo.home.not_demonstration": Wording(
        "this home is not a demonstration's; it is neither reset nor given sample logins",
        "name another home with HABEAS_HOME",
    ),
    "demo.paper.box_unknown": Wording("a `{kind}` has no such box", "tick one of {boxes}, or none"),
    "demo.paper.kind_unknown": Wording("no paper of this kind can be drawn", "use one of {kinds}"),
    "demo.paper.no_blank": Wording(
        "a `{kind}` is written, not filled in: it has no blank form", "leave `filled` as it is"
    ),
    "demo.paper.variant_unknown": Wording("there is no such layout", "choose a layout from 0 to {last}"),
    "determination.facts.unconfirmed": Wording(
        "a fact that a release rests on was read by the machine only",
        "look at the paper and confirm the facts first",
    ),
    "determination.instruction.no_basis": Wording(
        "an instruction from above names no legal basis",
        "give the legal basis as the reason; an objection may be recorded with it",
    ),
    "determination.item.unknown": Wording("no such item in this request", "name one of the request's items"),
    "determination.items.none": Wording(
        "no item is named, or the request has none yet", "name an item; `habeas case show` lists them"
    ),
    "determination.override.against_law": Wording(
        "a release is not possible here, not even as an override", "send the item to counsel, or refuse it"
    ),
    "determination.override.counsel_only": Wording(
        "only counsel may depart toward release", "send the item to counsel"
    ),
    "determination.override.no_reason": Wording(
        "`{outcome}` departs from `{effect}` and no reason is given",
        "give the reason with `--override-reason`",
    ),
    "determination.person.may_not_decide": Wording(
        "this person may not decide items", "ask a reviewer, an approver or counsel"
    ),
    "determination.release.under_way": Wording(
        "a release that was approved can only be stopped, and only before it left",
        "stop it, or record what was handed over; correct it once the answer is sent",
    ),
    "determination.vendor.cannot_answer": Wording(
        "a vendor forwards a request and never answers it", "send it to the agency that owns the record"
    ),
    "directory.custodian.unknown": Wording(
        "no agency of this id is configured",
        "use one of: {known}",
    ),
    "directory.person.unknown": Wording(
        "no member of staff of this id is configured",
        "add a [[person]] to config.toml",
    ),
    "disclosure.approver.same_person": Wording(
        "the person who decided cannot also approve", "ask a second person"
    ),
    "disclosure.authorization.missing": Wording(
        "the release is not authorized as it stands", "have a second person approve it first"
    ),
    "disclosure.digest.malformed": Wording(
        "the digest is not a SHA-256 of 64 hexadecimal digits",
        "compute it from the file that was handed over",
    ),
    "disclosure.fields.none": Wording("no field is named", "name the fields that were handed over"),
    "disclosure.fields.not_names": Wording(
        "a field is longer than {limit} characters or holds a value, not a name",
        "name the columns only, never what stands in them",
    ),
    "disclosure.items.none": Wording("no item of this case is decided `release`", "decide the items first"),
    "disclosure.law.changed": Wording(
        "the law of today no longer lets this item be released as it was decided ({effect})",
        "have it decided again under the law of today, or stop the release",
    ),
    "disclosure.means.missing": Wording(
        "it is not said how the records were handed over", "say how: by encrypted e-mail, by hand, …"
    ),
    "disclosure.person.may_not_approve": Wording(
        "this person may not approve a release", "ask an approver or counsel"
    ),
    "disclosure.stop.no_reason": Wording("a release is stopped without a reason", "say why in a sentence"),
    "doctor.arrivals.pending": Wording(
        "{count} arrivals were not taken in yet",
        "run `habeas admin settle`",
    ),
    "doctor.disk.low": Wording(
        "{megabytes} MB of disk are left",
        "free some space",
    ),
    "doctor.entry.differs": Wording(
        "a queued ledger entry is not that of its event",
        "keep the files as they are, and compare with the last backup",
    ),
    "doctor.guard.missing": Wording(
        "{count} of the triggers that keep rows from being changed are missing or switched off",
        "find out who did that; compare the ledger with its witnesses before anything is signed",
    ),
    "doctor.keys.missing": Wording(
        "{count} cases have no key, and nobody expunged them",
        "restore keys.sqlite3 from the backup of the keys",
    ),
    "doctor.keys.orphaned": Wording(
        "{count} keys belong to no case: something stopped before a request was written",
        "nothing has to be done",
    ),
    "doctor.ledger.apart": Wording(
        "{count} entries are not the same in the ledger and in the cases",
        "keep the files as they are, and compare with the witnesses and the last backup",
    ),
    "doctor.ledger.unsigned": Wording(
        "{count} entries are in the ledger and under no checkpoint yet",
        "run `habeas sequencer --once`",
    ),
    "doctor.outbox.waiting": Wording(
        "{count} entries wait for their place in the ledger",
        "run `habeas sequencer --once`",
    ),
    "doctor.papers.missing": Wording(
        "{count} papers are gone",
        "restore blobs from the last backup",
    ),
    "doctor.papers.orphaned": Wording(
        "{count} papers belong to nothing: something stopped before a request was written",
        "nothing has to be done",
    ),
    "doctor.papers.unfinished": Wording(
        "{count} papers were left half-written",
        "delete the files in blobs whose name begins with .partial-",
    ),
    "doctor.permissions.too_open": Wording(
        "others on this machine can look into it",
        "take their rights away: chmod go= on it",
    ),
    "doctor.projection.differs": Wording(
        "the case's line is not the fold of its history",
        "run `habeas admin rebuild`",
    ),
    "doctor.rights.too_wide": Wording(
        "the role of this process may change what is only added to",
        "take its rights away: run `habeas admin upgrade`, and make it neither superuser nor owner",
    ),
    "events.event.malformed": Wording("a stored event cannot be read", "run `habeas admin doctor`"),
    "events.version.unreadable": Wording(
        "no upcaster reads `{kind}` version {version}", "upgrade Habeas, then read it again"
    ),
    "facts.check.not_described": Wording(
        "an independent check does not say how it was made",
        "say who was called, at which directory number, or which docket was looked up",
    ),
    "facts.fact.malformed": Wording(
        "a fact is not an object of value, source, reading and optional evidence",
        "write it as in the contracts",
    ),
    "facts.name.unknown": Wording("a fact has a name that is not in the table", "use one of: {known}"),
    "facts.scope.other": Wording(
        "this is a fact of each {scope}",
        "of an item: `--set ITEM:FACT=VALUE`; of the request: `--set FACT=VALUE`",
    ),
    "facts.source.not_allowed": Wording("this source may not supply this fact", "use one of: {allowed}"),
    "facts.standing.unknown": Wording(
        "a fact's source or reading is not in its list",
        "source: requester, custodian, court, independent; reading: machine, person",
    ),
    "facts.value.unknown": Wording(
        "a fact has a value that is not in its list", "use `unknown` or one of: {allowed}"
    ),
    "inbox.position.malformed": Wording("there is no such page", "start again at the first page"),
    "inbox.unit.malformed": Wording("this is not the id of a unit", "choose a unit from the list"),
    "inbox.word.unknown": Wording("this is none of the words known here", "use one of {known}"),
    "intake.arrival.not_quarantined": Wording(
        "the arrival is not in quarantine but `{state}`",
        "nothing to release; `habeas admin quarantine` lists what is",
    ),
    "intake.arrival.twice": Wording(
        "an arrival was logged twice",
        "run `habeas admin doctor`",
    ),
    "intake.arrival.unknown": Wording(
        "no such arrival",
        "list them with `habeas admin quarantine`",
    ),
    "intake.channel.unknown": Wording("there is no such channel", "use one of: {known}"),
    "intake.file.empty": Wording("the file is empty", "send it again"),
    "intake.file.too_large": Wording("the file is larger than {limit} bytes", "send it in smaller parts"),
    "intake.file.unknown_kind": Wording(
        "this is no kind of file that is taken in",
        "send it as e-mail (.eml), PDF, PNG, JPEG, TIFF, DOCX, zip, plain text or JSON form",
    ),
    "intake.filename.changed": Wording(
        "a file name held a path, or characters or a length that a name may not have; it was cleaned",
        "nothing to do; the file itself is unchanged",
    ),
    "intake.form.empty": Wording("a text that must be there is empty", "fill it in"),
    "intake.form.missing": Wording(
        "a required member is missing", "add it; schemas/habeas.intake.v1.json names every member"
    ),
    "intake.form.not_an_instant": Wording(
        "this is not an instant with a time zone", "write it as YYYY-MM-DDThh:mm:ssZ (RFC 3339)"
    ),
    "intake.form.not_base64": Wording(
        "the paper's data is not base64", "write its bytes in base64 without line breaks (RFC 4648 § 4)"
    ),
    "intake.form.not_well_formed": Wording(
        "this does not have the form it must have",
        "write dates as YYYY-MM-DD and digests as 64 lower-case hexadecimal digits",
    ),
    "intake.form.received_ahead": Wording(
        "the form says it was received later than now", "correct the instant"
    ),
    "intake.form.schema_unknown": Wording(
        "the form is not of a known schema", 'write `"schema": "habeas.intake.v1"`'
    ),
    "intake.form.too_large": Wording("the form is larger than {limit} bytes", "send long texts as papers"),
    "intake.form.too_long": Wording("this is longer than {limit}", "shorten it, or send it as a paper"),
    "intake.form.unknown_member": Wording(
        "the form has a member here that the schema does not have",
        "leave it out; schemas/habeas.intake.v1.json names every member",
    ),
    "intake.form.unknown_word": Wording("this word is not in its list", "use one of: {allowed}"),
    "intake.form.wrong_type": Wording(
        "this is not of the type it must be", "check it against schemas/habeas.intake.v1.json"
    ),
    "intake.holder.unknown": Wording(
        "no mailbox or form says which agency this is for",
        "name it with --custodian and --unit; known agencies: {known}",
    ),
    "intake.mail.broken_headers": Wording(
        "the header fields end without an empty line; what follows was read as text",
        "look at the message itself",
    ),
    "intake.mail.content_elsewhere": Wording(
        "a part only points to content that lies elsewhere; nothing was fetched",
        "ask the sender for the paper itself",
    ),
    "intake.mail.date_ahead": Wording(
        "the message is dated later than its receipt", "do not rely on its date"
    ),
    "intake.mail.header_charset": Wording(
        "header text was not valid in its character set; what could not be read was replaced",
        "look at the message itself",
    ),
    "intake.mail.header_cut": Wording(
        "a header text is longer than {limit} characters; the rest was cut off", "look at the message itself"
    ),
    "intake.mail.header_too_long": Wording(
        "a header field is longer than {limit} bytes", "ask for the request in a new message"
    ),
    "intake.mail.headers_too_long": Wording(
        "the header fields together are longer than {limit} characters",
        "ask for the request in a new message",
    ),
    "intake.mail.html_only": Wording(
        "the message has no plain text; the visible text of its HTML was read",
        "look at the message itself if something seems missing",
    ),
    "intake.mail.many_recipients": Wording(
        "the message has more than {limit} recipients; the rest were left out",
        "name the agency by hand if it was not recognised",
    ),
    "intake.mail.no_date": Wording("the message has no date that can be read", "rely on the date of receipt"),
    "intake.mail.no_sender": Wording("the message names no sender", "find out who asks before anything else"),
    "intake.mail.nothing_inside": Wording(
        "the message holds neither text nor papers", "ask the sender what it was meant to hold"
    ),
    "intake.mail.repeated_header": Wording(
        "a header field stands twice; the first was read",
        "look at the message itself: senders do this to be read in two ways",
    ),
    "intake.mail.sealed": Wording(
        "a part is encrypted, or wrapped in a signature that is not opened",
        "ask for it unencrypted through the portal",
    ),
    "intake.mail.several_senders": Wording(
        "the message names several senders; the first was read", "find out who asks before anything else"
    ),
    "intake.mail.too_deep": Wording(
        "parts are nested more than {limit} deep", "ask for the papers in a plain message"
    ),
    "intake.mail.too_many_headers": Wording(
        "there are more than {limit} header fields", "ask for the request in a new message"
    ),
    "intake.mail.too_many_parts": Wording(
        "the message has more than {limit} parts", "ask for the papers in fewer messages or as one PDF"
    ),
    "intake.mail.unauthenticated": Wording(
        "nothing proves who sent this message; a .gov address does not",
        "call back at a number from the directory, never from the message",
    ),
    "intake.mail.unreadable_header": Wording(
        "a header field does not follow its grammar; it was read as far as possible",
        "look at the message itself",
    ),
    "intake.mail.versions_differ": Wording(
        "the plain text says much less than the HTML beside it; the HTML was read",
        "look at the message itself",
    ),
    "intake.paper.empty": Wording("an attached file is empty; it was left out", "ask the sender for it"),
    "intake.paper.total_too_large": Wording(
        "the papers are larger than {limit} MB together", "ask for them in several messages"
    ),
    "intake.paper.unknown_kind": Wording(
        "this paper is of a kind no reader knows; it was kept as it is",
        "a person must open it, or ask for a PDF",
    ),
    "intake.paper.wrong_label": Wording(
        "the content is `{found}`, though the name or label says otherwise",
        "nothing to do; the content counts",
    ),
    "intake.part.damaged": Wording(
        "the transfer encoding of a part is damaged; it was decoded as far as possible",
        "compare the paper, or ask for it again",
    ),
    "intake.part.no_boundary": Wording(
        "a multipart has no parts; its content was read as text", "look at the message itself"
    ),
    "intake.part.unknown_encoding": Wording(
        "a part has an unknown transfer encoding; it was kept as it is", "ask the sender for it again"
    ),
    "intake.text.broken_html": Wording(
        "an unfinished tag or comment swallowed the end of the HTML", "look at the message itself"
    ),
    "intake.text.charset_guessed": Wording(
        "the character set was wrong or missing and had to be guessed",
        "look at the message itself if letters seem wrong",
    ),
    "intake.text.control_characters": Wording(
        "control characters, or marks that turn or hide text, were taken out",
        "nothing to do; do not rely on how it looked",
    ),
    "intake.text.hidden": Wording(
        "the HTML hides some of its text; that text was left out",
        "look at the message itself if something seems missing",
    ),
    "intake.text.piled_marks": Wording(
        "more than {limit} combining marks follow one letter", "remove them and send it again"
    ),
    "intake.text.too_long": Wording("the text is longer than {limit}", "send it as a paper"),
    "intake.unit.unknown": Wording("the agency has no such unit", "use one of: {known}"),
    "intake.zip.bomb": Wording(
        "a file in the archive unpacks to more than {limit} times its size", "ask for the papers themselves"
    ),
    "intake.zip.damaged": Wording("the archive is damaged", "ask for the papers themselves"),
    "intake.zip.encrypted": Wording(
        "the archive is encrypted", "ask for the papers unencrypted through the portal"
    ),
    "intake.zip.method": Wording(
        "the archive is packed in a way that is not opened", "ask for the papers themselves"
    ),
    "intake.zip.nested": Wording("the archive holds another archive", "ask for the papers themselves"),
    "intake.zip.too_many_entries": Wording(
        "the archive holds more than {limit} files", "ask for the papers as one PDF"
    ),
    "intake.zip.unpacked": Wording(
        "an archive was unpacked; each file in it is a paper of its own", "nothing to do"
    ),
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
    "json.shape.mismatch": Wording(
        "the document does not have the shape of `{kind}`", "check it against the schema"
    ),
    "json.syntax.invalid": Wording(
        "this is not JSON (line {line}, column {column})", "correct the document and send it again"
    ),
    "json.text.control_character": Wording("a text holds a control character", "remove it and send it again"),
    "json.text.not_utf8": Wording("the bytes are not UTF-8", "save the file as UTF-8"),
    "json.text.piled_marks": Wording(
        "more than {limit} combining marks follow one letter", "remove them and send it again"
    ),
    "json.value.unsupported": Wording(
        "a value of a kind that JSON cannot hold", "use texts, whole numbers, lists and objects"
    ),
    "keys.case.missing": Wording(
        "the case has no key: it was expunged, or never opened",
        "nothing can be read any more; its ledger entries stay",
    ),
    "keys.file.malformed": Wording(
        "a key file does not hold a key",
        "restore it from the backup of the keys",
    ),
    "keys.file.missing": Wording(
        "a key file is missing",
        "restore it from the backup of the keys, or correct the `_FILE` variable",
    ),
    "keys.origin.missing": Wording(
        "the ledger has no origin, or one with a space or a plus sign",
        "name it for ever, such as ledger.agency.example/log, in HABEAS_ORIGIN or [ledger] in config.toml",
    ),
    "ledger.bundle.differs": Wording(
        "an entry bundle does not hold the entries that were signed",
        "take it from a mirror; do not sign anything more",
    ),
    "ledger.bundle.malformed": Wording(
        "an entry bundle does not hold just the entries it should",
        "fetch the file again, or compare it with a mirror",
    ),
    "ledger.bundle.missing": Wording(
        "an entry bundle is missing",
        "fetch the file again, or take it from a mirror",
    ),
    "ledger.checkpoint.contradicted": Wording(
        "the ledger no longer agrees with the checkpoint signed at size {size}",
        "stop, keep the files as they are, and compare with the witnesses",
    ),
    "ledger.checkpoint.malformed": Wording(
        "the checkpoint is not an origin, a size and a root",
        "ask the log's operator for the checkpoint again",
    ),
    "ledger.checkpoint.missing": Wording("there is no checkpoint", "fetch the log's `checkpoint` file"),
    "ledger.checkpoint.none": Wording(
        "the ledger has no signed checkpoint yet", "run `habeas sequencer --once`, then try again"
    ),
    "ledger.checkpoint.origin_differs": Wording(
        "the checkpoint is of another log than the key that signed it",
        "ask the log's operator which key belongs to which log",
    ),
    "ledger.checkpoint.other_origin": Wording(
        "the checkpoint you kept is of another log",
        "compare it with a copy of the log that it is of",
    ),
    "ledger.checkpoint.rolled_back": Wording(
        "the log ends at {size} entries, and the checkpoint you kept had {kept}",
        "ask for a newer copy; if there is none, entries were dropped: keep your checkpoint as evidence",
    ),
    "ledger.consistency.refused": Wording(
        "the {size} entries of the checkpoint you kept are not the first of this log",
        "this log shows two histories: keep both checkpoints as evidence",
    ),
    "ledger.cosignature.no_time": Wording(
        "a cosignature needs the time at which it is made",
        "give the time in whole seconds since 1970",
    ),
    "ledger.cosignature.too_few": Wording(
        "{found} of the witnesses you accept have cosigned, and you ask for {quorum}",
        "ask for a receipt under a newer checkpoint, or accept more witnesses",
    ),
    "ledger.entry.differs": Wording(
        "an entry is not the one that was signed", "take it from a mirror; do not sign anything more"
    ),
    "ledger.entry.malformed": Wording(
        "this is not a ledger entry in its one canonical form",
        "ask whoever gave it to you for the original",
    ),
    "ledger.entry.unknown": Wording(
        "no such ledger entry",
        "check the number or the id",
    ),
    "ledger.entry.waiting": Wording(
        "the entry is not in the signed ledger yet", "run `habeas sequencer --once`, then try again"
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
    "ledger.log.unreadable": Wording(
        "the ledger does not give the hashes of what it signed", "run `habeas ledger fsck`"
    ),
    "ledger.mirror.ahead": Wording(
        "the mirror has a signed checkpoint of {size} entries, and this ledger has signed {signed}",
        "this ledger lost its end; follow docs/runbooks/ledger.md (`habeas ledger resume`)",
    ),
    "ledger.mirror.behind": Wording(
        "the mirror ends at {size} entries, and this ledger has signed {signed}",
        "take a newer mirror, or bring this one up to date with `habeas ledger export`",
    ),
    "ledger.mirror.busy": Wording("another export is at work on this folder", "wait for it, or stop it"),
    "ledger.mirror.changed": Wording(
        "the mirror changed while it was read", "make it stand still, or take another, and try again"
    ),
    "ledger.mirror.damaged": Wording(
        "the mirror's entries do not lead to the root that its checkpoint signs",
        "check it with `habeas ledger fsck`, and take another mirror",
    ),
    "ledger.mirror.failed": Wording(
        "the mirror's server answers with status {status}", "try again later, or take another mirror"
    ),
    "ledger.mirror.forked": Wording(
        "the mirror has another root than this ledger at {size} entries, both signed",
        "stop; keep both, and follow docs/runbooks/ledger.md (two histories)",
    ),
    "ledger.mirror.missing": Wording(
        "there is no such folder", "name the folder that holds the log's `checkpoint`, or its address"
    ),
    "ledger.mirror.other_log": Wording(
        "the checkpoint there is not signed by this ledger",
        "name this ledger's own mirror, or an empty folder to export to",
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
    "ledger.outbox.moved": Wording(
        "a queued entry was given two places in the ledger",
        "stop, and run `habeas admin doctor`",
    ),
    "ledger.outbox.reused": Wording(
        "the ledger holds another entry under this outbox number: the cases are older than the ledger",
        "restore both from the same backup",
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
    "ledger.receipt.too_large": Wording("a receipt has at most {limit} bytes", "give the receipt's own file"),
    "ledger.receipt.wrong_schema": Wording(
        "this is not a `{schema}` document",
        "give the receipt's own file",
    ),
    "ledger.resume.diverged": Wording(
        "from entry {size} on this ledger holds what was never signed, or its start is not what was signed",
        "keep everything as it is; docs/runbooks/ledger.md says how to begin a new origin",
    ),
    "ledger.resume.unfinished": Wording(
        "a replay from a mirror was begun and not finished", "run `habeas ledger resume` again"
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
    "ledger.sequencer.halted": Wording(
        "the ledger was halted at {at} and signs nothing ({reason})",
        "follow docs/runbooks/ledger.md; `habeas ledger resume` lifts it when the ledger is whole",
    ),
    "ledger.signature.invalid": Wording(
        "a signature that names an accepted key is not by that key",
        "do not rely on it; ask for the receipt again and report it if it fails again",
    ),
    "ledger.submission.malformed": Wording(
        "this is not an old size, a proof and a checkpoint", "send it as C2SP tlog-witness says"
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
    "ledger.witness.ahead": Wording(
        "the witness has seen {size} entries, and this ledger has signed {signed}",
        "this ledger lost its end; follow docs/runbooks/ledger.md (`habeas ledger resume`)",
    ),
    "ledger.witness.forked": Wording(
        "the witness has another root than this ledger at {size} entries",
        "stop; keep everything as it is, and follow docs/runbooks/ledger.md (two histories)",
    ),
    "ledger.witness.refused": Wording(
        "the witness gives no cosignature (its answer: {answer})",
        "compare the keys on both sides: it must follow this ledger, and `vkey` be its own",
    ),
    "ledger.witness.unheard": Wording(
        "{heard} witnesses confirm that this ledger is whole, and {needed} must before anything is signed",
        "wait for them, or bring them back; entries wait safely meanwhile",
    ),
    "ledger.witness.unreachable": Wording(
        "the witness does not answer", "check its address and the network, or ask its operator"
    ),
    "letter.evaluation.missing": Wording(
        "a `{kind}` letter needs the evaluation it rests on, or its date",
        "evaluate the case, then write the letter",
    ),
    "letter.kind.unfit": Wording(
        "a `{kind}` letter does not say what was decided",
        "decide every item first, or write the kind of letter that the decisions call for",
    ),
    "letter.papers.none": Wording(
        "nothing is missing that the requester could send",
        "find out the missing facts in the agency itself, or write a holding letter",
    ),
    "pack.file.missing": Wording(
        "a rule pack lacks this file", "add it; docs/design/policy.md lists the files of a pack"
    ),
    "pack.file.too_large": Wording("a file of the pack is larger than {limit} bytes", "split it"),
    "pack.file.unknown": Wording(
        "a rule pack holds a file that does not belong there",
        "keep pack.toml, *.cedar, invariants.toml, text.en.md, text.es.md and cases/*.yaml",
    ),
    "pack.invariants.binding": Wording(
        "the pack is not held to every binding invariant", "list them all in this order: {needed}"
    ),
    "pack.invariants.malformed": Wording(
        "a claim is not {{id, say, assume, effects}} with known effects",
        "write it as docs/design/policy.md shows",
    ),
    "pack.invariants.too_wide": Wording(
        "claim `{claim}` distinguishes too many cases to search them all", "split the claim"
    ),
    "pack.invariants.vacuous": Wording(
        "nothing can satisfy what claim `{claim}` assumes",
        "a proof of it would say nothing: correct the assumption",
    ),
    "pack.manifest.key_missing": Wording("the key `{key}` is missing", "add it"),
    "pack.manifest.key_unknown": Wording("a key is not known here", "use one of: {known}"),
    "pack.manifest.malformed": Wording(
        "a value of the manifest has another form", "write it as schemas/habeas.pack.v1.json says"
    ),
    "pack.manifest.not_toml": Wording("this is not TOML in UTF-8", "correct the file"),
    "pack.manifest.other_jurisdiction": Wording(
        "the pack's id begins with another jurisdiction", "begin it with `{jurisdiction}/`"
    ),
    "pack.manifest.proposal_has_no_rank": Wording(
        "only a proposed pack has the rank `proposal`, and it has no other",
        "set rank and status to match",
    ),
    "pack.manifest.verified_without_date": Wording(
        "who verified the pack and when do not go together",
        "give both, or `unverified` and no date",
    ),
    "pack.manifest.word_unknown": Wording("a word is not known here", "use one of: {allowed}"),
    "pack.rule.action_open": Wording(
        "rule `{rule}` does not name its action", 'write `action == Action::"disclose"` or a list of actions'
    ),
    "pack.rule.action_unknown": Wording("rule `{rule}` names an unknown action", "use one of: {known}"),
    "pack.rule.annotation_missing": Wording(
        "rule `{rule}` has no `@{annotation}`",
        "every rule needs @id, @rank, @cite, @verified; a duty @starts too",
    ),
    "pack.rule.annotation_unknown": Wording(
        "rule `{rule}` has an annotation `@{annotation}` that means nothing here", "remove it"
    ),
    "pack.rule.annotation_word": Wording(
        "`@{annotation}` of rule `{rule}` has an unknown word", "use one of: {allowed}"
    ),
    "pack.rule.attribute_unknown": Wording(
        "rule `{rule}` asks about an attribute that is no fact (`{operator}`)",
        "use context.<fact> or context.<fact>_source of the table of facts",
    ),
    "pack.rule.duty_not_alone": Wording(
        "rule `{rule}` names a duty beside another action", "write one rule for each duty"
    ),
    "pack.rule.id_twice": Wording("two rules have the id `{rule}`", "give each rule an id of its own"),
    "pack.rule.never_matches": Wording(
        "no facts can make rule `{rule}` match", "correct it; a source may not be able to supply the fact"
    ),
    "pack.rule.no_id": Wording(
        "a rule has no usable @id", "give it one of small letters, digits and hyphens"
    ),
    "pack.rule.not_valid": Wording(
        "rule `{rule}` does not validate against the schema of facts", "correct its words and types"
    ),
    "pack.rule.operator_refused": Wording(
        "rule `{rule}` uses `{operator}`, which is outside the accepted subset",
        "write it with &&, ||, !, if, ==, != and `in` over words",
    ),
    "pack.rule.rank_not_allowed": Wording(
        "rule `{rule}` has the rank `{rank}`, which its pack cannot hold",
        "federal ranks belong to `us`, state ranks to a state, `proposal` to a proposal",
    ),
    "pack.rule.readings_differ": Wording(
        "the readings of rule `{rule}` by Cedar and by Habeas differ", "report this: no such rule may decide"
    ),
    "pack.rule.scope_refused": Wording(
        "rule `{rule}` constrains its scope (`{operator}`)",
        "leave principal and resource free and ask about facts in context",
    ),
    "pack.rule.syntax": Wording("this is not Cedar", "correct the rule; each ends with a semicolon"),
    "pack.rule.template": Wording("templates are not accepted", "write the rule without slots"),
    "pack.rule.too_deep": Wording(
        "the condition of rule `{rule}` is nested more than {limit} levels deep", "split the rule"
    ),
    "pack.rule.too_wide": Wording(
        "rule `{rule}` distinguishes too many cases to search them all", "split the rule"
    ),
    "pack.rule.unknown_tested": Wording(
        "rule `{rule}` tests `{attribute}` for the word `unknown`",
        "no rule may depend on ignorance: name the words of {type} that matter",
    ),
    "pack.rule.word_unknown": Wording(
        "rule `{rule}` compares `{attribute}` with a word it cannot have", "use a word of {type}"
    ),
    "pack.text.malformed": Wording(
        "the texts are not one `## rule-id` heading and a sentence for each rule", "correct the file"
    ),
    "pack.text.missing": Wording("rule `{rule}` has no sentence here", "write one under `## {rule}`"),
    "pack.text.of_no_rule": Wording("a sentence belongs to no rule", "remove it or correct its heading"),
    "person.agency.other": Wording(
        "this person works for another agency", "ask somebody of the agency that was asked"
    ),
    "person.role.looks_only": Wording(
        "this person's roles may look and change nothing", "ask a clerk, reviewer, approver or counsel"
    ),
    "person.unit.other": Wording(
        "this person does not work for the unit that was asked", "ask somebody of that unit"
    ),
    "policy.completion.too_wide": Wording(
        "the rules distinguish too many cases to search them all",
        "ask for fewer packs at once, or split rules",
    ),
    "policy.engine.canary": Wording(
        "the policy engine did not refuse what it must refuse ({failed})",
        "decide nothing with this installation; run `habeas admin doctor`",
    ),
    "policy.engine.disagreement": Wording(
        "two readings of the same rules differ", "a person decides; report this"
    ),
    "policy.engine.entity_missing": Wording(
        "the policy engine was asked about something it does not hold", "a person decides; report this"
    ),
    "policy.engine.no_decision": Wording(
        "the policy engine gave no decision", "a person decides; report this"
    ),
    "policy.engine.no_rule_id": Wording(
        "the policy engine named a rule without an id", "a person decides; report this"
    ),
    "policy.engine.rule_error": Wording("a rule erred", "a person decides; report this"),
    "policy.law.none_applies": Wording(
        "no law is loaded for this custodian and day", "a person decides; add the rule pack"
    ),
    "policy.pack.digest_unknown": Wording(
        "no version of this pack has that digest", "look in the release that shipped it"
    ),
    "policy.pack.unknown": Wording(
        "there is no such rule pack", "name a folder that holds a pack.toml, or one of: {known}"
    ),
    "policy.solver.disagreement": Wording(
        "the solver, Cedar and our own readings of the rules differ",
        "trust no proof about these packs, and report this with them",
    ),
    "policy.solver.missing": Wording(
        "proofs need the solver z3, which is not installed",
        "install Habeas with the extra `prove`, or the package `z3-solver` beside it",
    ),
    "policy.solver.undecided": Wording(
        "the solver did not settle a question within {seconds} seconds",
        "compare smaller packs, or report this with the packs",
    ),
    "policy.version.other": Wording(
        "the evaluation was made under another policy version or on another date",
        "explain it with the version and the date it names",
    ),
    "policy.version.pack_missing": Wording("the pack requires `{needed}`", "add that pack"),
    "policy.version.pack_twice": Wording("a pack is listed twice", "list each pack once"),
    "policy.version.rule_twice": Wording(
        "rule `{rule}` stands in `{other}` too", "rule ids are unique over all packs: rename one"
    ),
    "reading.file.empty": Wording("the file is empty", "ask for it again"),
    "reading.file.unknown": Wording(
        "this is no PDF, picture or text that can be read", "ask for a PDF, or have a person look at it"
    ),
    "reading.page.none": Wording("the paper has {pages} pages", "take one of these"),
    "reading.pdf.damaged": Wording("the PDF is damaged or cut off", "ask for it again"),
    "reading.pdf.encrypted": Wording("the PDF is locked with a password", "ask for it without one"),
    "reading.pdf.packing": Wording(
        "the PDF is packed in a way that cannot be measured", "ask for it printed to a new PDF"
    ),
    "reading.pdf.page_too_full": Wording(
        "a page of the PDF holds more than a person could read", "have a person look at it"
    ),
    "reading.pdf.too_heavy": Wording(
        "the PDF unfolds to more than is safe to open", "ask for it printed to a new PDF"
    ),
    "reading.pdf.too_many_pages": Wording(
        "the PDF has {pages} pages, more than {limit}", "split it, and send the paper apart from its exhibits"
    ),
    "reading.picture.damaged": Wording("the picture is damaged or cut off", "ask for it again"),
    "reading.picture.gave_up": Wording(
        "the paper could not be drawn in time, or wanted too much memory",
        "download the original and open it on a machine made for that",
    ),
    "reading.picture.none": Wording(
        "this is no PDF and no picture", "download the original and open it by hand"
    ),
    "reading.picture.too_large": Wording(
        "the picture has more than {limit} million dots", "ask for it in a smaller size"
    ),
    "report.document.malformed": Wording(
        "this is not a report of the kind habeas.report.v1",
        "take the JSON file of the report; the table and the PDF cannot be verified",
    ),
    "report.entries.gap": Wording(
        "the entries handed to the report are not those of the checkpoint, in order from 0",
        "run `habeas admin doctor`",
    ),
    "report.opening.mismatch": Wording(
        "a reporting row is not what its ledger entry committed to",
        "publish nothing; run `habeas admin doctor`",
    ),
    "report.period.boundary": Wording(
        "this regime has no report for these days", "begin on {begin}; end on {end}"
    ),
    "report.period.open": Wording("the period is not over on the day of publication", "publish after {last}"),
    "report.regime.unknown": Wording("no reporting regime of this id", "use one of: {known}"),
    "report.root.mismatch": Wording(
        "the entries do not give the root of the checkpoint", "publish nothing; run `habeas admin doctor`"
    ),
    "report.rows.disagree": Wording(
        "two rows of one request name different months or periods",
        "publish nothing; run `habeas admin doctor`",
    ),
    "seal.case.not_sealed": Wording("this request is not sealed", "nothing is left to do"),
    "seal.names.elsewhere": Wording(
        "somebody named works for another agency or unit and may not look at this one",
        "name people who could see the request without the seal",
    ),
    "seal.names.without_sealer": Wording(
        "whoever seals a request must be among those who may see it", "add yourself to the names"
    ),
    "seal.person.may_not": Wording(
        "this person may not do this to a seal",
        "an approver or counsel may seal a request; only counsel may unseal it",
    ),
    "seal.reason.missing": Wording(
        "no reason is given", "say why in a sentence; only those named can read it"
    ),
    "sequencer.lock.held": Wording(
        "another sequencer is at work",
        "wait for it, or stop it",
    ),
    "serve.address.taken": Wording(
        "another program listens there",
        "end it, or choose another with --port or `[serve] port` in config.toml",
    ),
    "serve.address.unusable": Wording(
        "this machine cannot listen there",
        "name one of its own addresses with --host or `[serve] host`, and a port open to this account",
    ),
    "serve.child.failing": Wording(
        "this process ended {times} times in a row soon after its start, at last with exit {exit}",
        "read the lines above; `habeas admin doctor` says what is wrong with the home",
    ),
    "serve.home.served": Wording(
        "another `habeas serve` serves this home",
        "end it first, or choose another home with HABEAS_HOME",
    ),
    "store.database.busy": Wording(
        "another process holds the database",
        "wait until it is done, then do it again",
    ),
    "store.database.closed": Wording(
        "a database file cannot be opened for writing",
        "check that the home belongs to this user",
    ),
    "store.database.damaged": Wording(
        "a database file is damaged",
        "keep it, and restore the last backup with `habeas admin restore`",
    ),
    "store.database.failed": Wording(
        "the database refused the operation ({reason}); nothing was written",
        "run `habeas admin doctor`",
    ),
    "store.database.forbidden": Wording(
        "the role of this process has no right to do this; nothing was written",
        "run `habeas admin upgrade`, which gives each role its rights, or run the command as the right role",
    ),
    "store.database.no_role": Wording(
        "a role of the database is missing",
        "make it as `habeas admin database` prints",
    ),
    "store.database.refused": Wording(
        "the database server does not let this role in, or has no such database",
        "check [database] in config.toml and the password file; `habeas admin database` prints what to make",
    ),
    "store.database.taken": Wording(
        "the database holds another home's tables already",
        "restore that home's folder, or name an empty database",
    ),
    "store.database.unfit": Wording(
        "the database is older than PostgreSQL {version}, or its texts are not UTF-8",
        "make the database as `habeas admin database` prints, on PostgreSQL {version} or newer",
    ),
    "store.database.unreachable": Wording(
        "the database server does not answer; nothing was written",
        "check that it runs, and [database] in config.toml; then do it again",
    ),
    "store.disk.failed": Wording(
        "the disk refused the operation ({reason}); nothing was half-written",
        "check the disk and its free space, then do it again",
    ),
    "store.disk.full": Wording(
        "the disk is full; nothing was half-written",
        "free some space, then do it again",
    ),
    "store.home.newer": Wording(
        "the home was written by a newer Habeas",
        "upgrade Habeas",
    ),
    "store.home.none": Wording("there is no home here", "make one with `habeas admin init`"),
    "store.home.not_empty": Wording(
        "the home is not empty",
        "name a folder that is missing or empty",
    ),
    "store.home.not_ready": Wording(
        "the home's tables are missing or of an older Habeas",
        "run `habeas admin upgrade`",
    ),
    "store.sealed.altered": Wording(
        "stored ciphertext was altered, or is not where it belongs",
        "keep the files as they are, and run `habeas admin doctor`",
    ),
    "store.vault.missing": Wording(
        "the private part of an event is missing",
        "run `habeas admin doctor`; restore the last backup",
    ),
    "time.date.invalid": Wording("this is not a date", "write it as YYYY-MM-DD"),
    "time.instant.invalid": Wording("this is not an instant", "write it as YYYY-MM-DDThh:mm:ssZ (RFC 3339)"),
    "time.instant.no_zone": Wording(
        "the instant has no time zone", "add `Z` for UTC or an offset such as -06:00"
    ),
    "typesetting.document.failed": Wording(
        "the document could not be typeset", "report this with the template's name; nothing was sent"
    ),
    "typesetting.template.unknown": Wording("there is no such template", "use one of: {known}"),
    "web.address.malformed": Wording(
        "this is not the address of a folder on a web server", "write it as http://… or https://…"
    ),
    "web.server.unreachable": Wording(
        "the server does not answer as a web server would",
        "check the address and the network, then try again",
    ),
    "witness.address.malformed": Wording("this is not HOST:PORT", "write it as 127.0.0.1:8431 or [::1]:8431"),
    "witness.address.unusable": Wording(
        "nothing can listen at this address", "choose one of this machine's, and a port that is free"
    ),
    "witness.key.exists": Wording(
        "there is a key file already", "choose another name; a key is never overwritten"
    ),
    "witness.key.wrong_type": Wording(
        "this key makes no cosignatures", "use the key (type 04) that `habeas witness init` made"
    ),
    "witness.log.wrong_type": Wording(
        "this is not the key of a log", "use the log's own key (type 01), as its operator publishes it"
    ),
    "witness.state.exists": Wording(
        "there is a memory of a witness already",
        "choose another name; a witness's memory is never overwritten",
    ),
    "witness.state.held": Wording("another process has this witness's memory", "stop it first"),
    "witness.state.malformed": Wording(
        "the memory of the witness is damaged",
        "restore its newest copy; if there is none, retire the key and make a new witness",
    ),
    "witness.state.missing": Wording(
        "the memory of the witness is missing",
        "restore its newest copy; if there is none, retire the key and make a new witness",
    ),
    "witness.state.other_key": Wording(
        "the memory belongs to another key", "name the key and the memory that were made together"
    ),
    "workflow.event.not_allowed": Wording(
        "`{event}` is not possible while the case is `{state}`",
        "do the steps in their order; `habeas case show REF` shows where it stands",
    ),
}
