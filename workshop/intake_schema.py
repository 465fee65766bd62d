"""Writes schemas/habeas.intake.v1.json from the form's own types: `python -m workshop.intake_schema`.

The types at the door (`habeas.intake.json_form`) are the source; a test compares what is committed with
what they give, so that the published schema and the door never disagree.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from habeas.intake.json_form import Form

FILE: Final = Path(__file__).resolve().parent.parent / "schemas" / "habeas.intake.v1.json"

EXAMPLES: Final[list[dict[str, Any]]] = [
    {"schema": "habeas.intake.v1", "channel": "phone"},
    {
        "schema": "habeas.intake.v1",
        "channel": "portal",
        "received_at": "2020-08-03T09:12:00-06:00",
        "requester": {
            "component": "ice_hsi",
            "organisation_name": "Homeland Security Investigations, Denver",
            "officer": {
                "name": "Rowan Example",
                "title": "Special Agent",
                "badge": "0000",
                "phone": "303-555-0142",
                "email": "rowan@agency.example",
            },
        },
        "holder": {"custodian": "labor", "unit": "ui-fraud", "served_on": "front desk"},
        "items": [
            {"category": "ui_wage", "description": "wage history, first quarter of 2019 to date"},
            {"category": "contact", "description": "last known address"},
        ],
        "subjects": [{"name": "Alex Example", "born_on": "1980-01-01"}],
        "claims": {"criminal_investigation": "yes", "offense": "other", "immigration_purpose": "part"},
        "offense_statute": "18 U.S.C. 1546",
        "case_number": "EX-2020-0001",
        "message": "Please send the records named above.",
        "service": {"served_on": "2020-08-03", "manner": "portal"},
        "certification": {
            "third_party": "Example Data Exchange",
            "signer": "Robin Example",
            "title": "Director",
            "statute_version": "2025-05-23",
            "text_sha256": "0" * 64,
            "signed_on": "2025-06-01",
            "expires_on": "2026-06-01",
            "systems": ["driver-history"],
        },
        "consent": {"subject": "Alex Example", "scope": ["ui_wage"], "given_on": "2020-07-30"},
        "papers": [{"filename": "request.txt", "media_type": "text/plain", "data": "V2FnZSByZWNvcmRzLg=="}],
    },
]
"""Documents that the schema and the door accept."""


def schema() -> dict[str, Any]:
    """The form's JSON Schema (2020-12) under its name, with examples."""
    made = Form.model_json_schema()
    description = (
        "A request written down as JSON. Nothing outside this schema is accepted. Facts about papers, ids "
        "of items and the checking of a consent are not part of it, on purpose."
    )
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:habeas:schema:intake:v1",
        "title": "Intake form",
        "description": description,
    }
    return head | {name: part for name, part in made.items() if name not in head} | {"examples": EXAMPLES}


def rendered() -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
