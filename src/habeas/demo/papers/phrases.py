"""The sentences officers, clerks of lenders and lawyers write, in English and Spanish.

Hides nothing: tables of wordings by what is claimed, and by the data wanted. They are text to be read,
not a vocabulary of the reader: no other room imports them.

Slots: `{case}` is " (case no. …)" or empty, `{offense}` " into wire fraud (18 U.S.C. § 1343)" or
empty, `{born}` the date of a bulk demand, `{program}` the program's name with its citation, `{client}`
whom a third party acts for.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from habeas.domain.vocabulary import Language


class Claim(StrEnum):
    """What the writer says the request is for."""

    IMMIGRATION = "immigration"
    CRIMINAL = "criminal"
    VAGUE = "vague"
    IN_PROGRESS = "in_progress"
    PROGRAM = "program"
    BULK = "bulk"
    EMERGENCY = "emergency"
    THIRD_PARTY = "third_party"


class Wanted(StrEnum):
    """Data that people ask state agencies for."""

    WAGE_HISTORY = "wage_history"
    UNEMPLOYMENT_CLAIM = "unemployment_claim"
    EMPLOYER = "employer"
    LICENSE_RECORD = "license_record"
    PHOTOGRAPH = "photograph"
    HOME_ADDRESS = "home_address"
    VEHICLE_REGISTRATION = "vehicle_registration"
    TITLE_HISTORY = "title_history"
    PROFESSIONAL_LICENSE = "professional_license"
    BENEFITS_FILE = "benefits_file"
    STUDENT_RECORD = "student_record"
    BIRTH_RECORD = "birth_record"


CLAIMS: Final[dict[Language, dict[Claim, tuple[str, ...]]]] = {
    Language.EN: {
        Claim.IMMIGRATION: (
            "The information is needed for removal proceedings that are pending against the subject.",
            (
                "This is for administrative immigration enforcement; the subject has a final order and we "
                "are trying to locate him or her."
            ),
            "We are preparing a Notice to Appear and need a good address for service.",
            (
                "ERO is working this as a fugitive operations lead, immigration only, no criminal charges at "
                "this time."
            ),
        ),
        Claim.CRIMINAL: (
            "The request supports an active criminal investigation{offense}{case}.",
            "We have an open criminal case{offense}{case} and the records will be used in that case.",
            "This office is conducting an active criminal investigation{offense}{case}.",
            (
                "Please treat this as a criminal matter: we are investigating{case} with the U.S. Attorney's "
                "Office{offense}."
            ),
        ),
        Claim.VAGUE: (
            "This is for an ongoing investigation.",
            "The information is requested for official law enforcement purposes only.",
            "Needed for an official inquiry{case}.",
            "It is for a case I am working.",
        ),
        Claim.IN_PROGRESS: (
            (
                "Officers are on scene now: a burglary is in progress and the vehicle outside comes back to "
                "your records."
            ),
            (
                "We are following a vehicle used in a robbery that happened within the hour, and the driver "
                "has not been stopped."
            ),
            "A kidnapping is in progress{case} and the last plate read was twenty minutes ago.",
        ),
        Claim.PROGRAM: (
            "The data are exchanged as required by {program}.",
            "This is our regular quarterly exchange under {program}; the file layout has not changed.",
            "We ask in order to complete the verification that {program} requires of both agencies.",
        ),
        Claim.BULK: (
            "Please provide a list of all persons born on {born} for whom your agency holds a record.",
            (
                "We need an extract of every record with a date of birth of {born}, in a spreadsheet if "
                "possible."
            ),
            "Run a search for everyone in your system born on {born} and send us all hits.",
        ),
        Claim.EMERGENCY: (
            (
                "This is an emergency disclosure request. There is an imminent danger of death or serious "
                "physical injury and no time to obtain legal process."
            ),
            (
                "We believe in good faith that a person will be seriously hurt today unless we find him or "
                "her; legal process will follow."
            ),
            "EXIGENT: threat to life. My supervisor has approved this request and can be called at any hour.",
        ),
        Claim.THIRD_PARTY: (
            (
                "Our firm represents {client} in a civil matter{case}, and we need the records to prepare "
                "for trial."
            ),
            (
                "I write on behalf of {client}, which holds a judgment against the person named and wishes "
                "to collect it."
            ),
            "{client} is considering an application for credit and asks you to verify what was stated on it.",
        ),
    },
    Language.ES: {
        Claim.IMMIGRATION: (
            "La información se necesita para un proceso de deportación que está en curso contra la persona.",
            "Es para una diligencia administrativa de inmigración; no hay cargos penales.",
        ),
        Claim.CRIMINAL: (
            "La solicitud apoya una investigación penal en curso{offense}{case}.",
            "Tenemos un caso penal abierto{offense}{case} y los registros se usarán en ese caso.",
        ),
        Claim.VAGUE: (
            "Es para una investigación en curso.",
            "La información se pide solo para fines oficiales.",
        ),
        Claim.IN_PROGRESS: (
            "Los agentes están en el lugar: hay un robo en curso y el vehículo aparece en sus registros.",
            "Seguimos a un vehículo usado en un asalto ocurrido hace menos de una hora.",
        ),
        Claim.PROGRAM: (
            "Los datos se intercambian según lo exige {program}.",
            "Es nuestro intercambio trimestral conforme a {program}.",
        ),
        Claim.BULK: (
            "Sírvanse enviar una lista de todas las personas nacidas el {born} que figuren en sus registros.",
        ),
        Claim.EMERGENCY: (
            (
                "Es una solicitud de emergencia: hay peligro inminente de muerte o de lesiones graves y no "
                "hay tiempo para obtener una orden."
            ),
        ),
        Claim.THIRD_PARTY: (
            (
                "Nuestro despacho representa a {client} en un asunto civil{case} y necesita los registros "
                "para preparar el juicio."
            ),
            (
                "Escribo en nombre de {client}, que estudia una solicitud de crédito y pide comprobar lo que "
                "en ella se declaró."
            ),
        ),
    },
}

WANTED: Final[dict[Language, dict[Wanted, tuple[str, ...]]]] = {
    Language.EN: {
        Wanted.WAGE_HISTORY: (
            "wage history for the last eight quarters",
            "quarterly wages reported by every employer since 2016",
            "all wage records under the subject's Social Security number",
        ),
        Wanted.UNEMPLOYMENT_CLAIM: (
            "the complete unemployment claim file, with weekly certifications",
            "unemployment insurance claims filed since March 2020",
            "UI claim history, including the bank account that was paid",
        ),
        Wanted.EMPLOYER: (
            "name and address of the current employer",
            "current place of employment with the employer's address and telephone",
            "names and addresses of all employers in the last two years",
        ),
        Wanted.LICENSE_RECORD: (
            "the driver's license record",
            "a certified driver's license history",
            "DL or ID application documents",
        ),
        Wanted.PHOTOGRAPH: (
            "the most recent driver's license photograph",
            "DL photo",
            "every photograph on file since the first license",
        ),
        Wanted.HOME_ADDRESS: (
            "the present home address",
            "last known residence address and mailing address",
            "all addresses on file with dates",
        ),
        Wanted.VEHICLE_REGISTRATION: (
            "registration of every vehicle in the subject's name",
            "current vehicle registrations with plates",
            "registration record for the plate given below",
        ),
        Wanted.TITLE_HISTORY: (
            "vehicle title history",
            "title transactions and lien holders since 2015",
        ),
        Wanted.PROFESSIONAL_LICENSE: (
            "the professional license file",
            "occupational license application with supporting documents",
        ),
        Wanted.BENEFITS_FILE: (
            "the benefits case file",
            "food assistance and medical assistance eligibility records",
        ),
        Wanted.STUDENT_RECORD: (
            "the student's enrollment record",
            "school attendance record and the address given by the parents",
        ),
        Wanted.BIRTH_RECORD: (
            "a certified copy of the birth record",
            "birth record with the parents' names and places of birth",
        ),
    },
    Language.ES: {
        Wanted.WAGE_HISTORY: ("el historial de salarios de los últimos ocho trimestres",),
        Wanted.UNEMPLOYMENT_CLAIM: ("el expediente de la solicitud de desempleo",),
        Wanted.EMPLOYER: ("el nombre y la dirección del empleador actual",),
        Wanted.LICENSE_RECORD: ("el registro de la licencia de conducir",),
        Wanted.PHOTOGRAPH: ("la fotografía más reciente de la licencia",),
        Wanted.HOME_ADDRESS: ("el domicilio actual",),
        Wanted.VEHICLE_REGISTRATION: ("la matrícula de todos los vehículos a su nombre",),
        Wanted.TITLE_HISTORY: ("el historial de títulos del vehículo",),
        Wanted.PROFESSIONAL_LICENSE: ("el expediente de la licencia profesional",),
        Wanted.BENEFITS_FILE: ("el expediente de beneficios",),
        Wanted.STUDENT_RECORD: ("el registro escolar del estudiante",),
        Wanted.BIRTH_RECORD: ("una copia certificada del acta de nacimiento",),
    },
}

SPEECH: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    Language.EN: {
        "greeting": ("Dear {recipient}:", "Good afternoon,", "To whom it may concern:"),
        "opening": (
            "I am writing to request the following records held by your agency:",
            "Pursuant to my official duties I request that your office provide:",
            "This office requests copies of the following:",
        ),
        "persons": (
            "The request concerns {persons}.",
            "Subject: {persons}.",
            "Person(s) of interest: {persons}.",
        ),
        "enclosed": (
            "Please find attached {enclosed}.",
            "Attached is {enclosed}.",
            "See attached: {enclosed}.",
        ),
        "due": (
            "Please respond by {due}.",
            "I would appreciate your response no later than {due}.",
            "Needed by {due}.",
        ),
        "nothing": (
            "Please see the attachment and call me with any question.",
            "Please process the attached request.",
            "As discussed.",
        ),
        "closing": ("Respectfully,", "Thank you for your assistance,", "Best regards,"),
        "chat": (
            (
                "Hope you are doing well. We spoke a while back about a different matter and you were very "
                "helpful, so I thought I would try you directly before going through the front office."
            ),
            (
                "Sorry to bother you again, I know you folks are swamped right now. I left a voicemail on "
                "Tuesday and again yesterday, and was told this was the right mailbox."
            ),
            (
                "I am fairly new in this group and inherited a stack of files, so bear with me if there is a "
                "form I should be using instead."
            ),
        ),
        "chat_end": (
            (
                "If part of it is quicker to get than the rest, just send me what you have and the rest "
                "later. My desk line is below, the cell does not work inside the building."
            ),
            "A simple yes or no would already help. I can also drive over and pick it up.",
            "Last time your colleague sent a screenshot, that is all I need really.",
        ),
        "fyi": (
            "Can you run this for us? See below.",
            "Forwarding per our call. Please help them out.",
            "See below, please advise.",
        ),
    },
    Language.ES: {
        "greeting": ("Estimados señores de {recipient}:", "Buenas tardes:"),
        "opening": (
            "Les escribo para solicitar los siguientes registros de su agencia:",
            "Esta oficina solicita copia de lo siguiente:",
        ),
        "persons": ("La solicitud se refiere a {persons}.",),
        "enclosed": ("Adjunto {enclosed}.",),
        "due": ("Agradeceré su respuesta a más tardar el {due}.",),
        "nothing": ("Sírvanse ver el documento adjunto.",),
        "closing": ("Atentamente,", "Gracias por su atención,"),
        "chat": (
            "Espero que se encuentren bien. Llamé la semana pasada y me indicaron escribir a este correo.",
        ),
        "chat_end": ("Si una parte está lista antes, pueden enviarla primero.",),
        "fyi": ("Les reenvío la solicitud de abajo.",),
    },
}
"""What people write around the substance: greetings, chat, closings. Slots: recipient, persons, due…"""


def claim_sentence(claim: Claim, language: Language, turn: int) -> str:
    """One way of saying a claim, with its slots still open; `turn` chooses among the wordings."""
    wordings = CLAIMS[language][claim]
    return wordings[turn % len(wordings)]


def wanted(what: Wanted, language: Language = Language.EN, turn: int = 0) -> str:
    """One way of naming the data wanted: a phrase without capital or full stop."""
    wordings = WANTED[language][what]
    return wordings[turn % len(wordings)]
