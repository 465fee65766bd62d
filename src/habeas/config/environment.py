"""The environment and `config.toml`, read once into a frozen value.

Hides where a setting comes from. Promises that a wrong value fails at start, with the name of the
variable or key, and that no secret is ever taken from a variable itself: secrets are named by `…_FILE`.

Variables: `HABEAS_HOME` (the home folder), `HABEAS_ORIGIN` (the ledger's origin; overrides
`[ledger] origin`), `HABEAS_MASTER_KEY_FILE`, `HABEAS_INSTANCE_KEY_FILE`, `HABEAS_LEDGER_KEY_FILE`,
`HABEAS_SESSION_KEY_FILE` (signs the console's cookies); the database's are in `postgres.py`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import platformdirs

from habeas.config.postgres import PASSWORDS, VARIABLES, Postgres, read_postgres
from habeas.config.serving import Serving, read_serving
from habeas.config.sign_on import SignOn, read_sign_on
from habeas.kernel.errors import BadInput, bad, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from habeas.kernel.errors import Problem

CONFIG_NAME: Final = "config.toml"
"""The configuration's name in the home."""

_SECRETS: Final = ("HABEAS_MASTER_KEY", "HABEAS_INSTANCE_KEY", "HABEAS_LEDGER_KEY", "HABEAS_SESSION_KEY")
_KEY_FILES: Final = tuple(f"{name}_FILE" for name in _SECRETS)
_PASSWORD_FILES: Final = tuple(f"{name}_FILE" for name in PASSWORDS.values())
_FILES: Final = (*_KEY_FILES, *_PASSWORD_FILES)
_SECTIONS: Final[dict[str, type]] = {
    "ledger": dict,
    "database": dict,
    "serve": dict,
    "custodian": list,
    "person": list,
    "court": list,
    "witness": list,
    "sign_on": list,
}
_LEDGER_KEYS: Final = ("origin", "quorum")
_TOML_PLACE: Final = re.compile(r"at line (\d+), column (\d+)")


@attrs.frozen
class Environment:
    """Everything this installation was told. `origin` is "" where nobody chose one yet; a key file is None
    where it lies in the home's `keys/`; `custodians`, `persons`, `courts` and `witnesses` are the
    `[[custodian]]`, `[[person]]`, `[[court]]` and `[[witness]]` tables, not yet checked; `quorum` is None
    where none was set; `database` is None where the home's own files are used.
    """

    home: Path
    origin: str = ""
    master_key_file: Path | None = None
    instance_key_file: Path | None = None
    ledger_key_file: Path | None = None
    custodians: tuple[Mapping[str, Any], ...] = ()
    persons: tuple[Mapping[str, Any], ...] = ()
    courts: tuple[Mapping[str, Any], ...] = ()
    witnesses: tuple[Mapping[str, Any], ...] = ()
    quorum: int | None = None
    serve: Serving = attrs.field(factory=Serving)
    database: Postgres | None = None
    sign_on: tuple[SignOn, ...] = ()


def read_environment(variables: Mapping[str, str]) -> Environment:
    """The process's variables → `Environment`, or a `BadInput` with everything that is wrong."""
    found = list(_misplaced(variables))
    if found:
        raise BadInput(found)
    home = read_home(variables)
    config = read_config(home / CONFIG_NAME)
    ledger = config.get("ledger", {})
    master, instance, signer, session = (_file(variables, name) for name in _KEY_FILES)
    return Environment(
        home=home,
        origin=_text(variables, "HABEAS_ORIGIN") or ledger.get("origin", ""),
        master_key_file=master,
        instance_key_file=instance,
        ledger_key_file=signer,
        custodians=tuple(config.get("custodian", ())),
        persons=tuple(config.get("person", ())),
        courts=tuple(config.get("court", ())),
        witnesses=tuple(config.get("witness", ())),
        quorum=ledger.get("quorum"),
        serve=read_serving(config.get("serve", {}), session),
        sign_on=read_sign_on(config.get("sign_on", ())),
        database=read_postgres(config.get("database"), _given(variables, (*VARIABLES, *_PASSWORD_FILES))),
    )


def read_home(variables: Mapping[str, str]) -> Path:
    """The home folder: `HABEAS_HOME`, else the platform's folder for a person's data. Not created here."""
    given = _text(variables, "HABEAS_HOME")
    home = Path(given).expanduser() if given else platformdirs.user_data_path("habeas", appauthor=False)
    if home.exists() and not home.is_dir():
        raise bad("config.home.not_a_folder", "HABEAS_HOME")
    return home.absolute()


def _misplaced(variables: Mapping[str, str]) -> Iterator[Problem]:
    for name in (*_SECRETS, *PASSWORDS.values()):
        if name in variables:
            yield problem("config.secret.in_variable", name, file=f"{name}_FILE")
    for name in sorted(variables):
        if name.startswith("HABEAS_") and name.endswith("_FILE") and name not in _FILES:
            yield problem("config.variable.unknown", name, known=", ".join(_FILES))


def _text(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if value is None:
        return ""
    if not value.strip() or "\0" in value:
        raise bad("config.value.empty", name)
    return value.strip()


def _given(variables: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Those of the variables that are set."""
    return {name: _text(variables, name) for name in names if name in variables}


def _file(variables: Mapping[str, str], name: str) -> Path | None:
    value = _text(variables, name)
    return Path(value).expanduser().absolute() if value else None


def read_config(path: Path) -> dict[str, Any]:
    """The tables of `config.toml`; none where there is no such file. Unknown tables are refused by name."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise bad("json.text.not_utf8", CONFIG_NAME) from None
    except OSError:
        raise bad("config.file.unreadable", CONFIG_NAME) from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = _toml_place(error)
        raise bad("config.toml.invalid", CONFIG_NAME, line=line, column=column) from None
    found = list(_strange(tables))
    if found:
        raise BadInput(found)
    return tables


def _toml_place(error: tomllib.TOMLDecodeError) -> tuple[str, str]:
    found = _TOML_PLACE.search(str(error))
    return (found[1], found[2]) if found else ("last", "last")


def _strange(tables: dict[str, Any]) -> Iterator[Problem]:
    """Tables and keys nobody reads: a misspelt one must not be passed over."""
    for name, value in tables.items():
        if name not in _SECTIONS:
            yield problem("config.key.unknown", CONFIG_NAME, known=", ".join(_SECTIONS))
        elif not _fits(value, _SECTIONS[name]):
            yield problem("config.value.wrong_type", f"{CONFIG_NAME}: {name}", wanted=_form_of(name))
    ledger = tables.get("ledger", {})
    if isinstance(ledger, dict):
        yield from _strange_ledger(ledger)


def _fits(value: object, form: type) -> bool:
    """Whether this is a table, or a list of tables."""
    if form is dict or not isinstance(value, list):
        return isinstance(value, form)
    return all(isinstance(one, dict) for one in value)


def _form_of(name: str) -> str:
    return f"a table [{name}]" if _SECTIONS[name] is dict else f"tables [[{name}]]"


def _strange_ledger(ledger: dict[str, Any]) -> Iterator[Problem]:
    if set(ledger) - set(_LEDGER_KEYS):
        yield problem("config.key.unknown", f"{CONFIG_NAME}: ledger", known=", ".join(_LEDGER_KEYS))
    if not isinstance(ledger.get("origin", ""), str):
        yield problem("config.value.wrong_type", f"{CONFIG_NAME}: ledger.origin", wanted="a text")
    if type(ledger.get("quorum", 1)) is not int:
        yield problem("config.value.wrong_type", f"{CONFIG_NAME}: ledger.quorum", wanted="a whole number")
