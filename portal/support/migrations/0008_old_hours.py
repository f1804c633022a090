"""Remove what hours, units and marks of reminders replace. Reversible, with their defaults."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("support", "0007_row_security_of_desk")]

    operations = [
        migrations.RemoveConstraint(
            model_name="businesscalendar",
            name="calendar_opens_before_closing",
        ),
        migrations.RemoveField(
            model_name="businesscalendar",
            name="closes_at",
        ),
        migrations.RemoveField(
            model_name="businesscalendar",
            name="opens_at",
        ),
        migrations.RemoveField(
            model_name="businesscalendar",
            name="weekdays",
        ),
        migrations.RemoveField(
            model_name="slapolicy",
            name="first_answer_hours",
        ),
        migrations.RemoveField(
            model_name="slapolicy",
            name="solution_hours",
        ),
        migrations.RemoveField(
            model_name="ticket",
            name="reminded_at",
        ),
    ]
