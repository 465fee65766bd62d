"""`[database]`: what is read, what is refused by place, and what the drivers are then told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.config import databases
from habeas.config.environment import Environment, read_environment
from habeas.config.postgres import DatabaseRole, Login, Postgres, role_script
from habeas.kernel.errors import BadInput
from habeas.store import places

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
[database]
host = "db.example"
port = 5433
name = "requests"
sslrootcert = "/etc/ca.pem"
[database.app]
user = "one"
password_file = "/run/secrets/one"
[database.sequencer]
user = "two"
[database.owner]
user = "three"
"""


def read(home: Path, text: str = "", **variables: str) -> Environment:
    (home / "config.toml").write_text(text, encoding="utf-8")
    return read_environment({"HABEAS_HOME": str(home), **variables})


def server(home: Path, text: str = "", **variables: str) -> Postgres:
    found = read(home, text, **variables).database
    assert found is not None
    return found


def refused(home: Path, text: str = "", **variables: str) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as error:
        read(home, text, **variables)
    return [(problem.code, problem.place) for problem in error.value.problems]


def test_without_a_word_about_it_the_homes_own_files_are_used(tmp_path: Path) -> None:
    found = read(tmp_path, "[ledger]\n")
    assert found.database is None
    assert databases.databases(found) == databases.embedded(tmp_path)


def test_the_table_alone_is_postgresql_on_this_machine(tmp_path: Path) -> None:
    found = server(tmp_path, "[database]\n")
    assert found == Postgres()
    assert (found.host, found.port, found.name) == ("/var/run/postgresql", 5432, "habeas")
    assert [found.login(role).user for role in DatabaseRole] == [
        "habeas_app",
        "habeas_sequencer",
        "habeas_owner",
    ]


def test_everything_in_the_table_is_read(tmp_path: Path) -> None:
    found = server(tmp_path, FULL)
    assert (found.host, found.port, found.name, found.sslrootcert) == (
        "db.example",
        5433,
        "requests",
        "/etc/ca.pem",
    )
    assert str(found.app.password_file) == "/run/secrets/one"
    assert (found.app.user, found.sequencer, found.owner) == ("one", Login("two"), Login("three"))


def test_variables_go_before_the_table(tmp_path: Path) -> None:
    found = server(
        tmp_path,
        FULL,
        HABEAS_DATABASE_HOST="127.0.0.1",
        HABEAS_DATABASE_PORT="6000",
        HABEAS_DATABASE_NAME="other",
        HABEAS_DATABASE_OWNER_PASSWORD_FILE="/run/secrets/three",
    )
    assert (found.host, found.port, found.name) == ("127.0.0.1", 6000, "other")
    assert str(found.owner.password_file) == "/run/secrets/three"
    assert found.app.user == "one"


def test_a_variable_alone_is_postgresql(tmp_path: Path) -> None:
    assert server(tmp_path, HABEAS_DATABASE_HOST="/run/pg") == Postgres(host="/run/pg")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("database = 1", "config.value.wrong_type", "config.toml: database"),
        ("[database]\nhosts = 1", "config.key.unknown", "config.toml: database"),
        ("[database]\nhost = 1", "config.value.wrong_type", "config.toml: database.host"),
        ('[database]\nhost = " "', "config.value.wrong_type", "config.toml: database.host"),
        ("[database]\nport = 0", "config.value.wrong_type", "config.toml: database.port"),
        ("[database]\nport = true", "config.value.wrong_type", "config.toml: database.port"),
        ('[database]\nport = "5432"', "config.value.wrong_type", "config.toml: database.port"),
        ('[database]\nname = "Habeas"', "config.value.wrong_form", "config.toml: database.name"),
        ('[database]\nname = "a;b"', "config.value.wrong_form", "config.toml: database.name"),
        ('[database]\nsslmode = "prefer"', "config.value.not_in_list", "config.toml: database.sslmode"),
        ("[database]\nsslmode = []", "config.value.wrong_type", "config.toml: database.sslmode"),
        ("[database]\napp = 1", "config.value.wrong_type", "config.toml: database.app"),
        ('[database.app]\npassword = "x"', "config.key.unknown", "config.toml: database.app"),
        ("[database.app]\nuser = 1", "config.value.wrong_type", "config.toml: database.app.user"),
        ('[database.app]\nuser = "a b"', "config.value.wrong_form", "config.toml: database.app.user"),
        ('[database.app]\nuser = "habeas_owner"', "config.database.one_role", "config.toml: database"),
    ],
)
def test_a_wrong_table_is_refused_by_place(tmp_path: Path, text: str, code: str, place: str) -> None:
    assert (code, place) in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("HABEAS_DATABASE_PORT", "five", "config.value.wrong_type"),
        ("HABEAS_DATABASE_PORT", "70000", "config.value.wrong_type"),
        ("HABEAS_DATABASE_PORT", "²", "config.value.wrong_type"),
        ("HABEAS_DATABASE_NAME", "a-b", "config.value.wrong_form"),
        ("HABEAS_DATABASE_HOST", " ", "config.value.empty"),
        ("HABEAS_DATABASE_APP_PASSWORD", "5ec2e7", "config.secret.in_variable"),
        ("HABEAS_DATABASE_PASSWORD_FILE", "/x", "config.variable.unknown"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(tmp_path: Path, name: str, value: str, code: str) -> None:
    assert refused(tmp_path, **{name: value}) == [(code, name)]


def test_a_password_is_in_no_configuration_and_no_representation(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("5ec2e7\n", encoding="utf-8")
    found = server(tmp_path, HABEAS_DATABASE_APP_PASSWORD_FILE=str(tmp_path / "secret"))
    assert found.app.password() == "5ec2e7"
    assert found.owner.password() == ""
    assert "5ec2e7" not in repr(found) + role_script(found)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(BadInput) as error:
        Login("one", tmp_path / "secret").password()
    (found,) = error.value.problems
    assert (found.code, found.place) == ("config.secret.unreadable", "secret")


def test_each_part_is_a_schema_and_each_process_one_role(tmp_path: Path) -> None:
    told = read(tmp_path, FULL.replace('password_file = "/run/secrets/one"', ""))
    for role, user in zip(DatabaseRole, ("one", "two", "three"), strict=True):
        made = databases.databases(told, role)
        assert {alias: one["USER"] for alias, one in made.items()} == dict.fromkeys(places.DATABASES, user)
        for alias, schema in places.SCHEMAS.items():
            assert f"search_path={schema} " in made[alias]["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("host", "told", "expected"),
    [
        ("/run/pg", "", {}),
        ("localhost", "", {}),
        ("127.0.0.1", "require", {"sslmode": "require"}),
        ("db.example", "", {"sslmode": "verify-full"}),
        ("10.0.0.5", "", {"sslmode": "verify-full"}),
        ("db.example", "require", {"sslmode": "require"}),
    ],
)
def test_a_server_elsewhere_must_prove_who_it_is(host: str, told: str, expected: dict[str, str]) -> None:
    assert attrs.evolve(Postgres(), host=host, sslmode=told).encryption == expected


def test_settings_and_store_name_the_same_schemas() -> None:
    assert databases.SCHEMAS == places.SCHEMAS


def test_the_script_makes_the_roles_and_the_database_that_are_configured(tmp_path: Path) -> None:
    script = role_script(server(tmp_path, FULL))
    for line in ("CREATE ROLE one LOGIN;", "CREATE ROLE two LOGIN;", "CREATE ROLE three LOGIN;"):
        assert line in script.splitlines()
    assert "CREATE DATABASE requests OWNER three" in script
    assert "SUPERUSER" not in script
