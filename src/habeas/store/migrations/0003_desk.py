"""What a desk needs: seals, due dates, assignments, search tokens, views, jobs.

The columns of cases that are there already get placeholders; `habeas admin upgrade` folds every case again
afterwards, which gives them their values and writes the search tokens (a migration has no keys). Changing
the check on `event` makes SQLite build that table anew, without its triggers: they are put back here.
"""

import datetime

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

CASES = "default"
LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

VIEWING_SQLITE = [
    f"""CREATE TRIGGER viewing_no_{verb} BEFORE {verb.upper()} ON viewing
        BEGIN SELECT RAISE(ABORT, 'viewing: rows are never changed'); END"""
    for verb in ("update", "delete")
]
VIEWING_POSTGRESQL = [
    """CREATE TRIGGER viewing_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON habeas.viewing
       FOR EACH STATEMENT EXECUTE FUNCTION habeas.no_change()""",
    "ALTER TABLE habeas.viewing ENABLE ALWAYS TRIGGER viewing_no_change",
]
EVENT_SQLITE = [
    *(f"""CREATE TRIGGER event_no_{verb} BEFORE {verb.upper()} ON event
          BEGIN SELECT RAISE(ABORT, 'event: rows are never changed'); END"""
      for verb in ("update", "delete")),
    """CREATE TRIGGER event_in_order BEFORE INSERT ON event
       WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq) + 1, 1) FROM event WHERE case_id = NEW.case_id)
       BEGIN SELECT RAISE(ABORT, 'event: in_order'); END""",
    """CREATE TRIGGER event_once BEFORE INSERT ON event
       WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR entry_id = NEW.entry_id)
       BEGIN SELECT RAISE(ABORT, 'event: once'); END""",
]  # fmt: skip
BY_VENDOR = {"sqlite": [*EVENT_SQLITE, *VIEWING_SQLITE], "postgresql": VIEWING_POSTGRESQL}


def _guard(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BY_VENDOR[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def _place(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("store", "CaseRow").objects.using(schema_editor.connection.alias)
    rows.update(updated_at=F("received_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0002_insert_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssignmentRow',
            fields=[
                ('case_id', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('person_id', models.CharField(db_index=True, max_length=200)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'assignment',
            },
        ),
        migrations.CreateModel(
            name='JobRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('case_id', models.CharField(max_length=36)),
                ('token', models.CharField(blank=True, max_length=36)),
                ('leased_until', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'db_table': 'job',
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.CharField(max_length=200)),
                ('name', models.CharField(max_length=60)),
                ('query', models.JSONField()),
            ],
            options={
                'db_table': 'saved_view',
            },
        ),
        migrations.CreateModel(
            name='SealName',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.CharField(max_length=200)),
            ],
            options={
                'db_table': 'seal_name',
            },
        ),
        migrations.CreateModel(
            name='SearchToken',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=64)),
                ('case_id', models.CharField(db_index=True, max_length=36)),
                ('custodian', models.CharField(max_length=200)),
            ],
            options={
                'db_table': 'search_token',
            },
        ),
        migrations.CreateModel(
            name='ViewRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_id', models.CharField(db_index=True, max_length=36)),
                ('person_id', models.CharField(max_length=200)),
                ('what', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'viewing',
            },
        ),
        migrations.RemoveConstraint(
            model_name='eventrow',
            name='event_kind_known',
        ),
        migrations.RemoveIndex(
            model_name='caserow',
            name='case_row_custodian',
        ),
        migrations.AddField(
            model_name='caserow',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='caserow',
            name='sealed',
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='caserow',
            name='updated_at',
            field=models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='caserow',
            name='waits_second',
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['custodian', 'received_at', 'request_ref'], name='case_row_received'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['custodian', 'updated_at', 'request_ref'], name='case_row_updated'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['custodian', 'due_on', 'request_ref'], name='case_row_due'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['custodian', 'paper_kind', 'updated_at'], name='case_row_alike'),
        ),
        migrations.AddConstraint(
            model_name='eventrow',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['request.received', 'instrument.read', 'facts.confirmed', 'determination.made', 'item.overridden', 'objection.recorded', 'disclosure.authorized', 'disclosure.made', 'notice.sent', 'notice.delayed', 'report.published', 'period.attested', 'finding.opened', 'finding.closed', 'case.expunged', 'case.sealed', 'case.unsealed', 'hold.placed', 'hold.lifted', 'policy.activated', 'key.rotated'])), name='event_kind_known'),
        ),
        migrations.AddIndex(
            model_name='jobrow',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['leased_until', 'id'], name='job_waiting'),
        ),
        migrations.AddConstraint(
            model_name='jobrow',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['settle', 'read'])), name='job_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='jobrow',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('kind', 'case_id'), name='job_once'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('person_id', 'name'), name='saved_view_once'),
        ),
        migrations.AddField(
            model_name='sealname',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seal_names', to='store.caserow'),
        ),
        migrations.AddConstraint(
            model_name='searchtoken',
            constraint=models.UniqueConstraint(fields=('token', 'case_id'), name='search_token_once'),
        ),
        migrations.AddConstraint(
            model_name='viewrow',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['case', 'paper', 'original', 'letter', 'found', 'export'])), name='view_what_known'),
        ),
        migrations.AddConstraint(
            model_name='sealname',
            constraint=models.UniqueConstraint(fields=('case', 'person_id'), name='seal_name_once'),
        ),
        migrations.RunPython(_place, migrations.RunPython.noop, hints={"database": CASES}),
        migrations.RunPython(_guard, migrations.RunPython.noop, hints={"database": CASES}),
    ]
