"""From when on the operator is told. The README here lists them beside the alert rules; readers are slowed by none."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

#: deliveries, mails and marks are done within seconds; two minutes are sixty rounds of a worker
WAITING: Final = timedelta(minutes=2)
#: the time to the third try of a mail; shorter troubles of a mail server heal by themselves
MAIL_WAITING: Final = timedelta(minutes=10)
#: share and size of free disk space below which a database soon cannot write
DISK_SHARE: Final = 0.10
DISK_BYTES: Final = 2_000_000_000
#: who asked to be erased is so within a day after the days of grace; half of it is left to mend what stops it
ERASURE_LATE: Final = timedelta(hours=12)
#: what people are told on the page on which they ask for a copy of their data
TAKEOUT_LATE: Final = timedelta(minutes=10)
#: a backup a day, with some hours for one that ran late
BACKUP_AGE: Final = timedelta(hours=30)
