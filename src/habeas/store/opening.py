"""The store, opened: every storage port over the three databases, for the composition root.

Django must have been set up for the home (`config.start`) and its tables be current (`upgrade`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs
from django.db import transaction

from habeas.store.arrivals import SqlArrivals
from habeas.store.asking import take_turn
from habeas.store.cases import SqlCases
from habeas.store.desk import SqlAssignments, SqlSavedViews, SqlViews
from habeas.store.faults import told
from habeas.store.jobs import SqlJobs
from habeas.store.keys import SqlKeys
from habeas.store.log import SqlLog
from habeas.store.outbox import SqlOutbox
from habeas.store.places import CASES, KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from habeas.kernel.ids import IdSource
    from habeas.store.keys import Tokens
    from habeas.store.sealing import Cipher


@attrs.frozen
class SqlAtomic:
    """`Atomic`: one transaction over cases, arrivals and outbox, one after the other. Keys, blobs and the log
    are apart.
    """

    def __call__(self) -> AbstractContextManager[None]:
        """The transaction, as a context manager."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with told(), transaction.atomic(using=CASES):
            take_turn(CASES)
            yield


@attrs.frozen
class Store:
    """The storage ports; `log` is for the sequencer, and for readers of proofs."""

    keys: SqlKeys
    arrivals: SqlArrivals
    cases: SqlCases
    outbox: SqlOutbox
    assignments: SqlAssignments
    views: SqlViews
    saved_views: SqlSavedViews
    jobs: SqlJobs
    log: SqlLog
    atomic: SqlAtomic

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Many steps kept together or not at all: nothing within is durable before the end, and others wait.

        For loading what is invented, where nothing leaves on the way; the keys are kept before the cases.
        """
        with told(), transaction.atomic(using=CASES), transaction.atomic(using=KEYS):
            yield


def open_store(*, master_key: bytes, tokens: Tokens, cipher: Cipher, ids: IdSource) -> Store:
    """The storage ports under the installation's master key and instance key (`tokens`)."""
    keys = SqlKeys(master=master_key, tokens=tokens, cipher=cipher)
    return Store(
        keys=keys,
        arrivals=SqlArrivals(keys, cipher),
        cases=SqlCases(keys, ids, cipher),
        outbox=SqlOutbox(),
        assignments=SqlAssignments(),
        views=SqlViews(),
        saved_views=SqlSavedViews(),
        jobs=SqlJobs(),
        log=SqlLog(),
        atomic=SqlAtomic(),
    )
