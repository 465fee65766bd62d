"""Every address of the console. A page names its permission (`access.needs`) or is in `access.PUBLIC`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from habeas.console import (
    case_page,
    confirming,
    decide,
    health,
    home,
    inbox,
    letters,
    new_request,
    papers,
    quarantine,
    release,
    seal,
    search,
    timeline,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.alive, name="health.alive"),
    path("readyz", health.ready, name="health.ready"),
    path("language/", home.choose_language, name="language"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/save/", inbox.save, name="inbox_save"),
    path("inbox/forget/", inbox.forget, name="inbox_forget"),
    path("search/", search.search, name="search"),
    path("cases/<str:ref>/assign/", inbox.give, name="assign"),
    path("cases/<ref>/", case_page.case, name="case"),
    path("cases/<ref>/news", case_page.news, name="case.news"),
    path("cases/<ref>/facts/", confirming.say_facts, name="case.facts"),
    path("cases/<ref>/papers/<int:n>/original", papers.original, name="paper.original"),
    path("cases/<ref>/papers/<int:n>/pages/<int:p>.png", papers.page_picture, name="paper.page"),
    path("cases/<ref>/papers/<int:n>/pages/<int:p>/thumb.png", papers.page_thumb, name="paper.thumb"),
    path("cases/<ref>/papers/<int:n>/pages/<int:p>/text", papers.page_text, name="paper.text"),
    path("cases/<ref>/events/<int:n>/proof.json", timeline.proof, name="case.proof"),
    path("cases/<ref>/decide/", decide.page, name="decide"),
    path("cases/<ref>/release/", release.page, name="release"),
    path("cases/<ref>/release/approve/", release.approve, name="release.approve"),
    path("cases/<ref>/release/stop/", release.halt, name="release.stop"),
    path("cases/<ref>/release/handed-over/", release.handed_over, name="release.handed_over"),
    path("cases/<ref>/letters/new/", letters.page, name="letter"),
    path("cases/<ref>/letters/preview.pdf", letters.preview, name="letter.preview"),
    path("cases/<ref>/letters/<int:number>.pdf", letters.kept, name="letter.kept"),
    path("cases/<ref>/seal/", seal.page, name="seal"),
    path("cases/<ref>/seal/lift/", seal.lift, name="unseal"),
    path("new/", new_request.new, name="new"),
    path("new/files/", new_request.files, name="new_files"),
    path("new/arrived/", new_request.arrived, name="new_arrived"),
    path("new/<str:arrival>/progress/", new_request.progress, name="new_progress"),
    path("new/<str:way>/", new_request.form, name="new_form"),
    path("new/<str:way>/send/", new_request.send, name="new_send"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<str:arrival>/", quarantine.item, name="quarantine_item"),
    path("quarantine/<str:arrival>/bytes", quarantine.download, name="quarantine_bytes"),
    path("quarantine/<str:arrival>/out/", quarantine.let_out, name="quarantine_let_out"),
    path("account/", include("habeas.console.account_urls")),
]

handler400 = "habeas.console.faults.malformed"
handler403 = "habeas.console.faults.forbidden"
handler404 = "habeas.console.faults.missing"
handler429 = "habeas.console.faults.too_many"
handler500 = "habeas.console.faults.broken"
