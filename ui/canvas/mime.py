"""How a device of the palette travels in a drag: its id under a type of our own."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

DEVICE_MIME = "application/x-kcloud-twin-device"


def device_mime(device_id: str) -> QMimeData:
    """A drag that carries a device."""
    made = QMimeData()
    made.setData(DEVICE_MIME, device_id.encode())
    return made


def device_of(mime: QMimeData) -> str:
    """The id of the device a drag carries; empty when it carries something else."""
    return bytes(mime.data(DEVICE_MIME).data()).decode(errors="replace") if mime.hasFormat(DEVICE_MIME) else ""
