"""The environment: what is read, and that a wrong value is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.config import databases
from habeas.config.environment import Environment, read_environment
from habeas.kernel.errors import BadInput
from habeas.store import places


def codes(error: pytest.ExceptionInfo[BadInput]) -> list[tuple[str, str]]:
    return [(problem.code, problem.place) for problem in error.value.problems]


def test_without_variables_the_home_is_the_platforms_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/nowhere/data")
    assert read_environment({}) == Environment(Path("/nowhere/data/habeas"))


def test_the_home_is_where_the_variable_says(tmp_path: Path) -> None:
    assert read_environment({"HABEAS_HOME": str(tmp_path)}).home == tmp_path
    assert read_environment({"HABEAS_HOME": "~/h"}).home == Path.home() / "h"


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    read_environment({"HABEAS_HOME": str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()


def test_the_configuration_gives_origin_custodians_persons_and_courts(tmp_path: Path) -> None:
    text = '[ledger]\norigin = "a.example/log"\n[[custodian]]\nid = "labor"\n[[person]]\nid = "r.doe"\n'
    text += '[[court]]\nid = "county"\n'
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    found = read_environment({"HABEAS_HOME": str(tmp_path)})
    assert found.origin == "a.example/log"
    assert found.custodians == ({"id": "labor"},)
    assert found.persons == ({"id": "r.doe"},)
    assert found.courts == ({"id": "county"},)


def test_a_variable_goes_before_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[ledger]\norigin = "a.example"\n', encoding="utf-8")
    assert (
        read_environment({"HABEAS_HOME": str(tmp_path), "HABEAS_ORIGIN": "b.example"}).origin == "b.example"
    )


def test_secrets_are_named_by_file(tmp_path: Path) -> None:
    found = read_environment({"HABEAS_HOME": str(tmp_path), "HABEAS_MASTER_KEY_FILE": "/run/secrets/master"})
    assert found.master_key_file == Path("/run/secrets/master")
    assert found.instance_key_file is None


def test_a_secret_in_a_variable_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_MASTER_KEY": "5ec2e7"})
    assert codes(error) == [("config.secret.in_variable", "HABEAS_MASTER_KEY")]
    assert "5ec2e7" not in str(error.value)


def test_a_misspelt_secret_file_is_refused() -> None:
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_MASTERKEY_FILE": "/run/secrets/master"})
    assert codes(error) == [("config.variable.unknown", "HABEAS_MASTERKEY_FILE")]


@pytest.mark.parametrize("name", ["HABEAS_HOME", "HABEAS_ORIGIN", "HABEAS_LEDGER_KEY_FILE"])
@pytest.mark.parametrize("value", ["", "  ", "a\0b"])
def test_an_empty_value_is_refused(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_HOME": str(tmp_path)} | {name: value})
    assert codes(error) == [("config.value.empty", name)]


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_HOME": str(tmp_path / "home")})
    assert codes(error) == [("config.home.not_a_folder", "HABEAS_HOME")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = "a', ("config.toml.invalid", "config.toml")),
        ("custodians = 1", ("config.key.unknown", "config.toml")),
        ("ledger = 1", ("config.value.wrong_type", "config.toml: ledger")),
        ("[custodian]", ("config.value.wrong_type", "config.toml: custodian")),
        ("person = [1]", ("config.value.wrong_type", "config.toml: person")),
        ('[ledger]\norgin = "a"', ("config.key.unknown", "config.toml: ledger")),
        ("[ledger]\norigin = 1", ("config.value.wrong_type", "config.toml: ledger.origin")),
    ],
)
def test_a_wrong_configuration_is_refused_by_place(
    text: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_HOME": str(tmp_path)})
    assert codes(error) == [expected]


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("\n\nx = = 1", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_HOME": str(tmp_path)})
    assert "line 3" in str(error.value)


def test_a_configuration_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("name = 'Ñ'".encode("latin-1"))
    with pytest.raises(BadInput) as error:
        read_environment({"HABEAS_HOME": str(tmp_path)})
    assert codes(error) == [("json.text.not_utf8", "config.toml")]


def test_settings_and_store_name_the_same_files() -> None:
    assert databases.FILES == places.DATABASES
