"""Give a packed file fixed times, so that the same content has the same bytes."""

from __future__ import annotations

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["sealed"]

_STAMPED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def sealed(data: bytes) -> bytes:
    """Return the packed workbook with fixed times, so that it is the same every time."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "docProps/core.xml":
                fixed = datetime(2000, 1, 1).isoformat().encode() + b"Z"  # noqa: DTZ001
                text = _STAMPED.sub(rb"\g<1>" + fixed, text)
            new.writestr(
                ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), text, ZIP_DEFLATED
            )
    return out.getvalue()
