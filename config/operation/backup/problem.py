"""What stops a backup or a restore, in one line for the operator."""


class BackupProblem(Exception):
    """Nothing was changed, or the text says what was."""
