# ruff: noqa: INP001 - a script beside the vectors it writes, no package of the product
"""Writes the ledger's own vectors, good and bad, beside itself: `python vectors/ledger/make.py`.

For anyone who writes a second verifier. Each case says what it is, what it is given, and whether it must
be accepted; a bad case differs from a good one in one respect only. Keys are made from the text
`habeas test key <name>`: they are worth nothing. The output depends on nothing but this file, and a test
compares it with what is committed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from habeas.kernel.canonical import Json, encode
from habeas.ledger import entry as e
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger import receipt as r
from habeas.ledger import tiles as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE: Final = Path(__file__).resolve().parent
ORIGIN: Final = "ledger.example.org/habeas"
SIZE: Final = 300
"""Entries in the sample log: more than one tile."""

AT: Final = 1_602_777_600
"""The witnesses' time: 2020-10-15T16:00:00Z."""

Case = dict[str, Any]


def secret(name: str) -> bytes:
    """32 bytes that everyone can make."""
    return sha256(f"habeas test key {name}".encode()).digest()


LOG: Final = k.SignerKey(ORIGIN, k.SignatureType.ED25519, secret("log"))
NEXT_LOG: Final = k.SignerKey(ORIGIN, k.SignatureType.ED25519, secret("next log"))
OTHER_LOG: Final = k.SignerKey("other.example.org/log", k.SignatureType.ED25519, secret("other log"))
COURT: Final = k.SignerKey("witness.example.org/court", k.SignatureType.COSIGNATURE, secret("court"))
PRESS: Final = k.SignerKey("witness.example.net/press", k.SignatureType.COSIGNATURE, secret("press"))


# ------------------------------------------------------------------------------------------- the sample log


def entry_id(index: int) -> str:
    """The id of a sample entry."""
    return f"0175{index:04x}-0000-7000-8000-{index:012x}"


def salts(index: int) -> e.Salts:
    """The salts of a sample entry."""
    return e.Salts(*(secret(f"salt {index} {part}") for part in e.Part))


def values(index: int) -> dict[e.Part, Any]:
    """What a sample entry commits to; no person is meant."""
    month = f"2020-{6 + index % 5:02}"
    return {
        e.Part.STAT: {"kind": "determination.made", "month": month, "outcome": "refuse", "demo": True},
        e.Part.FACTS: {"paper_authority": {"value": "administrative", "source": "custodian"}},
        e.Part.PRIVATE: {"note": f"Prüfung nº {index}", "n": index},
    }


def sample(index: int) -> e.Entry:
    """A sample entry."""
    made = values(index)
    stat, facts, private = (made[part] for part in e.Part)
    return e.make_entry(entry_id(index), stat, facts, private, salts(index))


ENTRIES: Final = [sample(index).encode() for index in range(SIZE)]
LEAVES: Final = m.leaf_hashes(ENTRIES)


def reader(size: int) -> m.HashAt:
    """Node hashes of the sample log at a size."""
    return t.TileHashes(t.StaticLog(dict(t.log_files(ENTRIES[:size]))).read, size)


def head(size: int = SIZE, origin: str = ORIGIN) -> n.Checkpoint:
    """The sample log's checkpoint at a size."""
    return n.Checkpoint(origin, size, m.tree_root(LEAVES[:size]))


def signed(size: int = SIZE) -> str:
    """The sample log's signed checkpoint."""
    return n.sign_note(head(size).text, [LOG])


def witnessed(size: int = SIZE) -> str:
    """The same with two cosignatures."""
    return n.cosign(n.cosign(signed(size), COURT, AT), PRESS, AT + 5)


def proof(index: int, checkpoint: str, size: int = SIZE) -> n.TlogProof:
    """The tlog-proof of a sample entry."""
    return n.TlogProof(index, tuple(m.inclusion_proof(reader(size), index, size)), checkpoint)


def receipt(index: int = 7, parts: tuple[e.Part, ...] = (e.Part.STAT,), checkpoint: str = "") -> Json:
    """The receipt of a sample entry."""
    openings = [e.Opening(part, salts(index).of(part), values(index)[part]) for part in parts]
    return r.make_receipt(sample(index), openings, proof(index, checkpoint or signed()))


# ------------------------------------------------------------------------------------------- receipts


def good_receipts() -> Iterator[Case]:
    """Receipts to accept."""
    log, court, press = (key.verifier.vkey for key in (LOG, COURT, PRESS))
    yield accept("one part opened", receipt(), [log])
    yield accept("nothing opened", receipt(parts=()), [log])
    yield accept("everything opened", receipt(parts=tuple(e.Part)), [log])
    yield accept("the first entry", receipt(0), [log])
    yield accept("the last entry, in the partial tile", receipt(SIZE - 1), [log])
    yield accept("two witnesses of two", receipt(checkpoint=witnessed()), [log, court, press], 2)
    yield accept("unknown witnesses are passed over", receipt(checkpoint=witnessed()), [log])
    both = n.sign_note(head().text, [LOG, NEXT_LOG])
    yield accept("old and new key while they overlap", receipt(checkpoint=both), [NEXT_LOG.verifier.vkey])
    single = r.make_receipt(sample(0), [], proof(0, signed(1), 1))
    yield accept("a log of one entry", single, [log])


def accept(what: str, document: Json, vkeys: list[str], quorum: int = 0) -> Case:
    """A receipt to accept."""
    given = {"vkeys": vkeys, "quorum": quorum, "receipt": document}
    return {"what": what, "accept": True, "fails": None, **given}


def refuse(what: str, fails: str, document: Json, vkeys: list[str] | None = None, quorum: int = 0) -> Case:
    """A receipt to refuse, and the step of the recipe that fails."""
    accepted = [LOG.verifier.vkey] if vkeys is None else vkeys
    return {**accept(what, document, accepted, quorum), "accept": False, "fails": fails}


def entry_with(**keys: Json) -> Json:
    """A receipt whose entry has other values."""
    return changed(lambda copy: copy["entry"].update(keys))


def opening_with(**keys: Json) -> Json:
    """A receipt whose opening has other values."""
    return changed(lambda copy: copy["openings"][0].update(keys))


def value_with(**keys: Json) -> Json:
    """A receipt whose opened value has other values."""
    return changed(lambda copy: copy["openings"][0]["value"].update(keys))


def after_index(lines: str) -> Json:
    """A receipt with more right after the index's digit."""
    return with_proof(lambda text: text.replace("index 7", f"index 7{lines}", 1))


def changed(change: Callable[[Json], None], document: Json = None) -> Json:
    """A receipt with one thing changed."""
    copy = json.loads(encode(document or receipt()))
    change(copy)
    return copy


def with_proof(change: Callable[[str], str], document: Json = None) -> Json:
    """A receipt with its tlog-proof's text changed."""
    return changed(lambda copy: copy.update(tlog_proof=change(copy["tlog_proof"])), document)


def bad_shapes() -> Iterator[Case]:
    """Receipts that are not in shape."""
    step, stat, salt = "receipt", sample(7).stat, salts(7).stat.hex()
    yield refuse("another schema", step, changed(lambda d: d.update(schema="habeas.receipt.v2")))
    yield refuse("a key too many", step, changed(lambda d: d.update(vkey=LOG.verifier.vkey)))
    yield refuse("a key too few", step, changed(lambda d: d.pop("openings")))
    yield refuse("openings is an object", step, changed(lambda d: d.update(openings={})))
    yield refuse("the proof is a list", step, changed(lambda d: d.update(tlog_proof=[d["tlog_proof"]])))
    yield refuse("a part opened twice", step, changed(lambda d: d["openings"].append(d["openings"][0])))
    yield refuse("an unknown part", step, opening_with(part="kind"))
    yield refuse("a part that is a list", step, opening_with(part=["stat"]))
    yield refuse("a salt in upper case", step, opening_with(salt=salt.upper()))
    yield refuse("a short salt", step, opening_with(salt=salt[2:]))
    yield refuse("an opening with a key too many", step, opening_with(x=1))
    yield refuse("version 2", step, entry_with(v=2))
    yield refuse("version true", step, entry_with(v=True))
    yield refuse("version in quotes", step, entry_with(v="1"))
    yield refuse("an entry with a key too many", step, entry_with(kind="x"))
    yield refuse("an entry with a key too few", step, changed(lambda d: d["entry"].pop("private")))
    yield refuse("a commitment in upper case", step, entry_with(stat=stat.upper()))
    yield refuse("a commitment too short", step, entry_with(stat=stat[2:]))
    yield refuse("a commitment with a line end", step, entry_with(stat=f"{stat}\n"))
    yield refuse("a commitment that is null", step, entry_with(facts=None))
    yield refuse("an id that is no UUIDv7", step, entry_with(id=entry_id(7).replace("-7000-", "-4000-")))


def bad_proofs() -> Iterator[Case]:
    """Receipts whose tlog-proof cannot be read."""
    step = "proof"
    line = n.TlogProof(7, (m.EMPTY_ROOT,), "").text.split("\n")[2]
    stray = line[:-2] + chr(ord(line[-2]) + 1) + "="
    yield refuse("another version", step, with_proof(lambda p: p.replace("@v1", "@v2")))
    yield refuse("a leading zero in the index", step, with_proof(lambda p: p.replace("index 7", "index 07")))
    yield refuse("a negative index", step, with_proof(lambda p: p.replace("index 7", "index -7")))
    yield refuse("an index of 2^63", step, with_proof(lambda p: p.replace("index 7", f"index {2**63}")))
    yield refuse("an index of 5,000 digits", step, after_index("0" * 4999))
    yield refuse("an Arabic-Indic index", step, with_proof(lambda p: p.replace("index 7", "index \u0667")))
    yield refuse("no index", step, with_proof(lambda p: p.replace("index 7\n", "")))
    yield refuse("a hash of 31 bytes", step, after_index(f"\n{base64(m.EMPTY_ROOT[:31])}"))
    yield refuse("stray bits in base64", step, after_index(f"\n{stray}"))
    yield refuse("64 hashes", step, after_index(f"\n{line}" * 64))
    yield refuse("a space after the index", step, after_index(" "))
    yield refuse(
        "extra that is not base64", step, with_proof(lambda p: p.replace("index", "extra ?\nindex", 1))
    )
    yield refuse("no checkpoint", step, with_proof(lambda p: p.split("\n\n")[0]))


def base64(data: bytes) -> str:
    """Standard base64."""
    from base64 import b64encode  # noqa: PLC0415 - one use

    return b64encode(data).decode()


def bad_signatures() -> Iterator[Case]:
    """Receipts whose checkpoint is not signed by an accepted key."""
    step, log, court, press = "signature", *(key.verifier.vkey for key in (LOG, COURT, PRESS))
    yield refuse("another log's key accepted", step, receipt(), [OTHER_LOG.verifier.vkey])
    yield refuse("the next key accepted, not yet used", step, receipt(), [NEXT_LOG.verifier.vkey])
    forged = n.sign_note(head().text, [k.SignerKey(ORIGIN, LOG.kind, secret("forger"))])
    yield refuse("signed by a key that only bears the name", step, receipt(checkpoint=forged))
    tail = signed().rstrip("\n").rsplit(" ", 1)[1]
    yield refuse(
        "another size under the same signature", step, with_proof(lambda p: p.replace("\n300\n", "\n301\n"))
    )
    flipped = tail[:-4] + ("A" if tail[-4] != "A" else "B") + tail[-3:]
    yield refuse("a flipped bit in the signature", step, with_proof(lambda p: p.replace(tail, flipped)))
    yield refuse("no signature line", step, with_proof(lambda p: p[: p.rindex("—")]))
    yield refuse("no newline at the end", step, with_proof(lambda p: p[:-1]))
    yield refuse("a line after the signatures", step, with_proof(lambda p: p + "more\n"))
    yield refuse("a hyphen for the dash", step, with_proof(lambda p: p.replace("—", "-")))
    yield refuse("a tab", step, with_proof(lambda p: p.replace("— ", "—\t")))
    only = n.cosign(n.sign_note(head().text, [OTHER_LOG]), COURT, AT)
    yield refuse("only witnesses signed", step, receipt(checkpoint=only), [log, court])
    bad = witnessed().replace(str(SIZE), str(SIZE + 1))
    yield refuse("cosignatures of another checkpoint", step, receipt(checkpoint=bad), [log, court, press], 2)
    later = (
        n.sign_note(head().text, [LOG])
        + n.Signature(
            COURT.name, COURT.verifier.key_id, (AT + 1).to_bytes(8, "big") + COURT.sign(head().text, AT)[8:]
        ).line
        + "\n"
    )
    yield refuse("a cosignature with another time", step, receipt(checkpoint=later), [log, court], 1)


def bad_checkpoints() -> Iterator[Case]:
    """Receipts whose signed text is no checkpoint of the accepted log."""
    step = "checkpoint"

    def text(body: str) -> Json:
        return receipt(checkpoint=n.sign_note(body, [LOG]))

    lines = head().text.split("\n")
    yield refuse("another origin", step, text(head(origin="other.example.org/log").text))
    yield refuse("a leading zero in the size", step, text(f"{lines[0]}\n0{lines[1]}\n{lines[2]}\n"))
    yield refuse("a size of 2^63", step, text(f"{lines[0]}\n{2**63}\n{lines[2]}\n"))
    yield refuse("a root of 31 bytes", step, text(f"{lines[0]}\n300\n{base64(m.EMPTY_ROOT[:31])}\n"))
    yield refuse("a root in base64url", step, text(f"{lines[0]}\n300\n{'-' * 43}=\n"))
    yield refuse("an empty extension line", step, text(f"{head().text}\n"))
    yield refuse("two lines", step, text(f"{lines[0]}\n300\n"))


def bad_witnesses() -> Iterator[Case]:
    """Receipts with too few cosignatures."""
    log, court, press = (key.verifier.vkey for key in (LOG, COURT, PRESS))
    one = n.cosign(signed(), COURT, AT)
    yield refuse("one witness of two", "witnesses", receipt(checkpoint=one), [log, court, press], 2)
    twice = n.cosign(one, COURT, AT + 60)
    yield refuse("one witness twice", "witnesses", receipt(checkpoint=twice), [log, court, press], 2)
    yield refuse("no witness", "witnesses", receipt(), [log, court], 1)


def bad_inclusions() -> Iterator[Case]:
    """Receipts whose proof does not lead to the root."""
    step = "inclusion"
    yield refuse("another index", step, with_proof(lambda p: p.replace("index 7", "index 6")))
    yield refuse("an index outside the tree", step, with_proof(lambda p: p.replace("index 7", "index 300")))
    # The lesson of a verifier that accepted index 5 in a tree of 4: the same path, an index beyond the tree.
    five = r.make_receipt(sample(1), [], proof(1, signed(4), 4))
    wrapped = with_proof(lambda p: p.replace("index 1", "index 5"), five)
    yield refuse("index 5 in a tree of 4", step, wrapped)
    hashes = proof(7, "").text.split("\n")[2:-2]
    yield refuse("a hash left out", step, with_proof(lambda p: p.replace(f"{hashes[0]}\n", "")))
    yield refuse("a hash too many", step, with_proof(lambda p: p.replace("7\n", f"7\n{hashes[0]}\n", 1)))
    swapped = "\n".join([hashes[1], hashes[0]])
    yield refuse("two hashes swapped", step, with_proof(lambda p: p.replace("\n".join(hashes[:2]), swapped)))
    yield refuse("another entry", step, changed(lambda d: d.update(entry=sample(6).as_json(), openings=[])))
    yield refuse("another id", step, changed(lambda d: d["entry"].update(id=entry_id(6))))
    yield refuse("an older checkpoint", step, receipt(checkpoint=signed(299)))


def bad_openings() -> Iterator[Case]:
    """Receipts whose openings do not open the entry."""
    step = "openings"
    yield refuse("another value", step, value_with(outcome="release"))
    yield refuse("1 for true", step, value_with(demo=1))
    yield refuse("a value left out", step, changed(lambda d: d["openings"][0]["value"].pop("outcome")))
    yield refuse("no value at all", step, opening_with(value=None))
    yield refuse("another salt", step, opening_with(salt="00" * 32))
    yield refuse("another part's name", step, opening_with(part="facts"))


def receipts() -> list[Case]:
    """Every receipt, good and bad."""
    makers = (
        bad_shapes,
        bad_proofs,
        bad_signatures,
        bad_checkpoints,
        bad_witnesses,
        bad_inclusions,
        bad_openings,
    )
    return [*good_receipts(), *(case for make in makers for case in make())]


# ------------------------------------------------------------------------------------------- other files


def entries() -> list[Case]:
    """Encoded entries, hexadecimal: the one canonical form, and everything near it."""
    good = sample(7)
    data = good.encode()
    near = {
        "a space": data.replace(b",", b", ", 1),
        "another order of keys": compact(good.as_json()).encode(),
        "upper case": data.replace(good.stat.encode(), good.stat.upper().encode()),
        "a newline at the end": data + b"\n",
        "a byte order mark": b"\xef\xbb\xbf" + data,
        "the last byte missing": data[:-1],
        "version 2": data.replace(b'"v":1', b'"v":2'),
        "a longer commitment": data.replace(good.stat.encode(), good.stat.encode() + b"00"),
        "a UUIDv4": data.replace(b"-7000-", b"-4000-"),
        "not UTF-8": data.replace(b"stat", b"st\xfft"),
        "nothing": b"",
    }
    yes = {"what": "canonical", "accept": True, "bytes": data.hex(), "leaf": m.leaf_hash(data).hex()}
    no = [{"what": what, "accept": False, "bytes": b.hex(), "leaf": None} for what, b in near.items()]
    return [yes, *no]


def compact(value: Json) -> str:
    """JSON without spaces, keys in the order given: not canonical."""
    return json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode(value)


def files() -> list[Case]:
    """Whole receipt files, and the exit code of checking them with the sample log's key."""
    good = encode(receipt()).decode()
    texts = {
        ("canonical", 0): good,
        ("pretty printed, keys in another order", 0): json.JSONEncoder(indent=2).encode(receipt()),
        ("an index changed", 1): good.replace("index 7", "index 6"),
        ("not JSON", 2): good[:-1],
        ("nothing", 2): "",
        ("a list", 2): f"[{good}]",
        ("another document", 2): '{"schema":"habeas.entry.v1"}',
        ("a key twice", 2): good.replace('"schema"', '"schema":"habeas.receipt.v1","schema"'),
        ("a fraction", 2): good.replace("true", "1.0"),
        ("an exponent", 2): good.replace("true", "1e400"),
        ("NaN", 2): good.replace("true", "NaN"),
        ("a number of 5,000 digits", 2): good.replace("true", "9" * 5000),
        ("a control character", 2): good.replace("refuse", "ref\\u0007use"),
        ("nested 1,000 deep", 2): "[" * 1000 + "]" * 1000,
    }
    return [{"what": what, "exit": code, "text": text} for (what, code), text in texts.items()]


def ranges() -> list[Case]:
    """Contiguous entries bound to a root, and what must not be."""
    made = []
    for start, end in ((0, 1), (7, 8), (40, 51), (255, 257), (299, 300)):
        shown = m.range_proof(reader(SIZE), start, end, SIZE)
        case = {
            "what": f"[{start}, {end}) of {SIZE}",
            "accept": True,
            "start": start,
            "leaves": [leaf.hex() for leaf in LEAVES[start:end]],
            "size": SIZE,
            "left": [h.hex() for h in shown.left],
            "right": [h.hex() for h in shown.right],
            "root": head().root.hex(),
        }
        made += [case, *bad_ranges(case)]
    return made


def bad_ranges(good: Case) -> Iterator[Case]:
    """A range with one thing changed."""
    bad = {**good, "accept": False}
    leaves = good["leaves"]
    yield {**bad, "what": f"{good['what']}, moved by one", "start": good["start"] + 1}
    yield {**bad, "what": f"{good['what']}, a leaf left out", "leaves": leaves[1:]}
    yield {**bad, "what": f"{good['what']}, a leaf twice", "leaves": [*leaves, leaves[-1]]}
    yield {**bad, "what": f"{good['what']}, a tree one larger", "size": good["size"] + 1}
    yield {**bad, "what": f"{good['what']}, a hash too many", "left": [*good["left"], leaves[0]]}


def paths() -> list[Case]:
    """Paths of a log's files."""
    good = (
        "tile/0/000", "tile/0/255.p/1", "tile/1/x001/x234/067", "tile/63/000", "tile/entries/x001/000.p/255",
    )  # fmt: skip
    bad = (
        "", "tile/0/0", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/00/000", "tile/64/000",
        "tile/-1/000", "tile/0/x000/001", "tile/0/001/234", "tile/0/x001/x234", "tile/0/000.p/", "/tile/0/0",
        "tile/0/000/", "tile/entries/00a", "tile/0/\u0661\u0662\u0663", "tile/0/../000", "tile/0/000\n",
    )  # fmt: skip
    return [{"path": p, "accept": True} for p in good] + [{"path": p, "accept": False} for p in bad]


def commitments() -> list[Case]:
    """Values under salts: what the HMAC must come to."""
    shown = []
    for part, value in values(7).items():
        salt = salts(7).of(part)
        made = sample(7).commitment(part)
        shown.append({"salt": salt.hex(), "value": value, "canonical": encode(value).decode(), "hmac": made})
    return shown


def rendered(cases: list[Case]) -> str:
    """Cases as the text of a file."""
    return json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True).encode(cases) + "\n"


def write(name: str, cases: list[Case]) -> None:
    """One file of cases."""
    (HERE / name).write_text(rendered(cases), encoding="utf-8")


FILES: Final[dict[str, Callable[[], list[Case]]]] = {
    "receipts.json": receipts,
    "files.json": files,
    "entries.json": entries,
    "ranges.json": ranges,
    "paths.json": paths,
    "commitments.json": commitments,
}

if __name__ == "__main__":
    for name, make in FILES.items():
        write(name, make())
