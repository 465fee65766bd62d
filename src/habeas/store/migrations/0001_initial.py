# Written by `makemigrations`; the triggers are in 0002.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='FingerprintRow',
            fields=[
                ('fingerprint', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('case_id', models.CharField(max_length=36)),
            ],
            options={
                'db_table': 'fingerprint',
            },
        ),
        migrations.CreateModel(
            name='KeyRow',
            fields=[
                ('case_id', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField(max_length=200)),
            ],
            options={
                'db_table': 'case_key',
            },
        ),
        migrations.CreateModel(
            name='LogCheckpoint',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('note', models.TextField()),
            ],
            options={
                'db_table': 'log_checkpoint',
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('idx', models.BigIntegerField(primary_key=True, serialize=False)),
                ('leaf', models.BinaryField(max_length=32)),
                ('data', models.BinaryField(max_length=300)),
                ('outbox_id', models.BigIntegerField(unique=True)),
            ],
            options={
                'db_table': 'log_entry',
            },
        ),
        migrations.CreateModel(
            name='VaultRow',
            fields=[
                ('entry_id', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'vault',
            },
        ),
        migrations.CreateModel(
            name='ArrivalRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('arrival_id', models.CharField(max_length=36, unique=True)),
                ('case_id', models.CharField(db_index=True, max_length=36)),
                ('blob', models.CharField(max_length=64)),
                ('filename', models.BinaryField()),
                ('received_at', models.DateTimeField()),
                ('custodian', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=200)),
                ('channel', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(max_length=40)),
                ('problem', models.TextField(blank=True)),
                ('linked_to', models.CharField(blank=True, max_length=36)),
            ],
            options={
                'db_table': 'arrival',
                'indexes': [models.Index(fields=['state', 'received_at'], name='arrival_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'case', 'repeat', 'quarantined'])), name='arrival_state_known')],
            },
        ),
        migrations.CreateModel(
            name='CaseRow',
            fields=[
                ('case_id', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('request_ref', models.CharField(max_length=10, unique=True)),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(max_length=40)),
                ('custodian', models.CharField(max_length=200)),
                ('unit', models.CharField(max_length=200)),
                ('component', models.CharField(max_length=40)),
                ('channel', models.CharField(max_length=40)),
                ('received_at', models.DateTimeField()),
                ('month', models.CharField(max_length=7)),
                ('paper_authority', models.CharField(max_length=40)),
                ('paper_kind', models.CharField(max_length=40)),
                ('purpose', models.CharField(max_length=40)),
                ('subjects', models.CharField(max_length=40)),
                ('days', models.IntegerField(null=True)),
                ('days_band', models.CharField(max_length=40)),
                ('request_outcome', models.CharField(max_length=40)),
                ('repeats', models.PositiveIntegerField()),
                ('demo', models.BooleanField()),
            ],
            options={
                'db_table': 'case_row',
                'indexes': [models.Index(fields=['state', 'received_at'], name='case_row_state'), models.Index(fields=['custodian', 'received_at'], name='case_row_custodian')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['received', 'read', 'confirmed', 'decided', 'authorized', 'closed'])), name='case_row_state_known'), models.CheckConstraint(condition=models.Q(('request_outcome__in', ['granted', 'granted_in_part', 'refused', 'other_ending', 'pending'])), name='case_row_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='EventRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_id', models.CharField(max_length=36)),
                ('seq', models.PositiveIntegerField()),
                ('entry_id', models.CharField(max_length=36, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('row', models.JSONField()),
                ('stat_salt', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'event',
                'constraints': [models.UniqueConstraint(fields=('case_id', 'seq'), name='event_seq'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='event_seq_from_one'), models.CheckConstraint(condition=models.Q(('kind__in', ['request.received', 'instrument.read', 'facts.confirmed', 'determination.made', 'item.overridden', 'objection.recorded', 'disclosure.authorized', 'disclosure.made', 'notice.sent', 'notice.delayed', 'report.published', 'period.attested', 'finding.opened', 'finding.closed', 'case.expunged', 'hold.placed', 'hold.lifted', 'policy.activated', 'key.rotated'])), name='event_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='LogTile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('n', models.BigIntegerField()),
                ('data', models.BinaryField(max_length=8192)),
                ('root', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'log_tile',
                'constraints': [models.UniqueConstraint(fields=('level', 'n'), name='log_tile_place')],
            },
        ),
        migrations.CreateModel(
            name='ItemRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('item_id', models.CharField(max_length=200)),
                ('category', models.CharField(max_length=40)),
                ('effect', models.CharField(max_length=40)),
                ('outcome', models.CharField(max_length=40)),
                ('override', models.CharField(max_length=40)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='store.caserow')),
            ],
            options={
                'db_table': 'item_row',
                'constraints': [models.UniqueConstraint(fields=('case', 'place'), name='item_row_place')],
            },
        ),
        migrations.CreateModel(
            name='OutboxRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('data', models.BinaryField(max_length=300)),
                ('idx', models.BigIntegerField(null=True, unique=True)),
                ('event', models.OneToOneField(db_column='entry_id', on_delete=django.db.models.deletion.PROTECT, to='store.eventrow', to_field='entry_id')),
            ],
            options={
                'db_table': 'outbox',
                'indexes': [models.Index(condition=models.Q(('idx__isnull', True)), fields=['id'], name='outbox_waiting')],
            },
        ),
    ]
