"""What an answer says, whatever it is packed in: a secret in a workbook or an archive is told as well."""

from io import BytesIO
from zipfile import ZipFile, is_zipfile


def unpacked(data: bytes) -> str:
    """The text of an answer, or of all parts of an archive, which a workbook is."""
    packed = BytesIO(data)
    if not is_zipfile(packed):
        return data.decode()
    with ZipFile(packed) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
