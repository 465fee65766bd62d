"""`habeas report REGIME …` writes a period's report; `habeas report verify FILE` recounts one.

Verifying loads neither Django nor the home.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from habeas.cli.output import json_option, tell, write
from habeas.cli.trust import trust_options, trusted


class _Regimes(click.Group):
    """Every subcommand but `verify` is the id of a regime."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        from habeas.report.regimes import regimes

        return [*(r.id for r in regimes()), "verify"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "verify":
            return super().get_command(ctx, cmd_name)
        return _report_command(cmd_name)


@click.group(cls=_Regimes)
def report() -> None:
    """Write a period's report, or check one."""


def _report_command(regime_id: str) -> click.Command:
    @click.command(regime_id, help="Write this regime's report of a period (inclusive legal dates).")
    @click.option("--from", "begins", required=True, help="First day, YYYY-MM-DD.")
    @click.option("--to", "ends", required=True, help="Last day, YYYY-MM-DD.")
    @click.option(
        "--format", "form", type=click.Choice(["json", "csv", "pdf"]), default="json", show_default=True
    )
    @click.option("--language", type=click.Choice(["en", "es"]), default="en", help="Of the PDF.")
    @click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: standard output."
    )
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    def run(begins: str, ends: str, form: str, language: str, out: Path | None, *, as_json: bool) -> int:
        from habeas.domain.vocabulary import Language
        from habeas.kernel.clock import read_date
        from habeas.wiring import open_desk

        desk = open_desk()
        made = desk.report(
            regime_id,
            read_date(begins, "--from"),
            read_date(ends, "--to"),
            "json" if as_json else form,
            Language(language),
        )
        if out is None:
            ending = b"\n" if form == "json" or as_json else b""
            sys.stdout.buffer.write(made + ending)
        else:
            out.write_bytes(made)
            tell(f"written: {out.name}")
        return 0

    return run


@report.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@trust_options
@json_option
def verify(file: Path, vkeys: tuple[str, ...], trust: Path | None, *, as_json: bool) -> int:
    """Recompute every figure of a report (JSON) from its own openings. Exit 0 it holds, 1 it does not."""
    from habeas.verifier.report import verify_report

    lines, code = verify_report(file.read_bytes(), trusted(vkeys, trust))
    write({"verified": code == 0, "exit_code": code, "lines": list(lines)}, lines, as_json=as_json)
    return code
