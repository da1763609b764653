"""What a person is told of a backup that cannot be made or restored. Texts: `report_templates/messages/backup.yml`."""

from orchestration.messages import SpokenError


class BackupError(SpokenError):
    """A backup was not made, or not restored; one sentence says why and what to do."""

    area = "backup"
