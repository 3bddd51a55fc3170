"""What in a text betrays where it came from, and is taken out of letters and packages (domain.md §2.6, §2.10)."""

from __future__ import annotations

import re

# what betrays where a fact came from: 本报讯（记者 …）, （…）, 据…报道，
ORIGIN = re.compile(
    r"^\s*(?:[^（。]{0,20}(?:讯|电|消息)\s*)?(?:（[^）]*记者[^）]*）)?"
    r"|据[^，。]{1,20}(?:报道|消息|反映)，|记者[^，。]{0,12}获悉，"
)
