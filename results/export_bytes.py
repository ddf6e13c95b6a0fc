"""Files that are zip archives, made the same each time: no clock time in them, and none invented in its place."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can name; it stands for none
CLOCK = re.compile(rb"<(dcterms:created|dcterms:modified|meta:creation-date|dc:date)\b[^>]*>[^<]*</\1>")
DATED = ("docProps/core.xml", "meta.xml")  # the members that hold the times at which a document was written
INSIDE = (".xlsx", ".docx")  # members that are archives themselves


def settled(archive: bytes) -> bytes:
    """Return a zip archive (xlsx, pptx, docx, ods) without the times at which it and its parts were written."""
    buffer = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(buffer, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename in DATED:
                content = CLOCK.sub(b"", content)
            elif member.filename.endswith(INSIDE):
                content = settled(content)
            info = ZipInfo(member.filename, EPOCH)
            info.compress_type = member.compress_type if member.file_size else ZIP_DEFLATED
            info.external_attr = 0
            info.create_system = 0
            new.writestr(info, content)
    return buffer.getvalue()
