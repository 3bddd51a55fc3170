"""The one error this room raises: coded, located, and saying what to do."""


class AppraisalError(Exception):
    """A refused rule or an unusable table.

    code: stable, such as "AP03"; message: what happened (Chinese, officers read it);
    where: the indicator, file, sheet or row; action: what to do (Chinese).
    """

    def __init__(self, code: str, message: str, where: str = "", action: str = "") -> None:
        self.code = code
        self.message = message
        self.where = where
        self.action = action
        place = f"（{where}）" if where else ""
        super().__init__(f"[{code}] {message}{place}{'。' + action if action else ''}")
