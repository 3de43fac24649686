"""Adds seats. Their times follow those of the session room by a foreign key of the database."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import exams.models.seats
from django.conf import settings
from django.db import migrations, models

TIMES_FOLLOW = migrations.RunSQL(
    """
    ALTER TABLE exams_sessionroom ADD CONSTRAINT session_room_with_times UNIQUE (id, starts_at, ends_at);
    ALTER TABLE exams_examseat ADD CONSTRAINT exam_seat_follows_session_room
        FOREIGN KEY (session_room_id, starts_at, ends_at) REFERENCES exams_sessionroom (id, starts_at, ends_at)
        ON UPDATE CASCADE;
    """,
    """
    ALTER TABLE exams_examseat DROP CONSTRAINT exam_seat_follows_session_room;
    ALTER TABLE exams_sessionroom DROP CONSTRAINT session_room_with_times;
    """,
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_fewer_indexes'),
        ('exams', '0003_sites_and_sessions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExamSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='座位号')),
                ('candidate_number', models.CharField(max_length=20, verbose_name='准考证号')),
                ('code', models.CharField(default=exams.models.seats.new_code, max_length=32, unique=True)),
                ('starts_at', models.DateTimeField(verbose_name='开始时间')),
                ('ends_at', models.DateTimeField(verbose_name='结束时间')),
                ('assigned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='编排时间')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='释放时间')),
                ('assigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='exams.examentry')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('session_room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_seats', to='exams.sessionroom')),
            ],
            options={
                'verbose_name': '考试座位',
                'verbose_name_plural': '考试座位',
                'ordering': ['session_room', 'number'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('entry',), name='one_seat_per_exam_entry', violation_error_message='这条报名已经有座位。'), models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('session_room', 'number'), name='one_candidate_per_seat', violation_error_message='这个座位已经有人。'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 500)), name='exam_seat_number_fits_a_room', violation_error_message='座位号应在1至500之间。'), models.CheckConstraint(condition=models.Q(('candidate_number', ''), _negated=True), name='exam_seat_has_a_candidate_number', violation_error_message='有座位的必须有准考证号。'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('candidate_number', '='), ('entry', '<>')], name='candidate_number_of_one_entry', violation_error_message='这个准考证号已经属于另一名考生。'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('released_at__isnull', True)), expressions=[('person', '='), (models.Func(models.F('starts_at'), models.F('ends_at'), models.Value('[)'), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='one_person_in_one_exam_at_a_time', violation_error_message='此人在这段时间已有另一场考试。')],
            },
        ),
        TIMES_FOLLOW,
    ]
