"""Files of rooms: brought, shown, taken away."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from mentorlink.community import actions, queries
from mentorlink.community.inputs import Upload
from mentorlink.community.models import Room
from mentorlink.community.rules.files import FILE_MB, FILES
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in


@pages.post("/rooms/<int:room_id>/files")
@signed_in
def attach(room_id: int) -> ResponseReturnValue:
    """Bring a file for a message that is being written."""
    found = queries.room_for(actor(), room_id)
    try:
        ids = bring(found)
    except Invalid as error:
        return jsonify(errors=sent(error).errors), 422
    return jsonify(ids=ids)


@pages.get("/attachments/<int:attachment_id>")
@signed_in
def attachment(attachment_id: int) -> Response:
    """A file: an image as it is drawn, a document to keep."""
    found = queries.file_for(actor(), attachment_id)
    image = found.kind == "image"
    content = queries.content_of(found, small=image and "small" in request.args)
    name = quote(found.name)
    shown = "inline" if image else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{name}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=86400, immutable" if image else "no-store",
    }
    return Response(content, mimetype=found.media_type if image else "application/octet-stream", headers=headers)


@pages.post("/attachments/<int:attachment_id>/drop")
@signed_in
def drop_attachment(attachment_id: int) -> ResponseReturnValue:
    """Take a file back before its message is sent."""
    actions.drop_file(actor(), queries.file_for(actor(), attachment_id))
    return "", 204


def bring(room: Room) -> list[int]:
    """Take in what the form carries; the ids of the files, in order."""
    found = [one for one in request.files.getlist("upload") if one.filename]
    if len(found) > FILES:
        raise Invalid(Fault("files", "files_too_many", {"most": FILES}))
    return [
        actions.attach_file(actor(), room, Upload(one.filename or "", one.stream.read(FILE_MB * 2**20 + 1))).id for one in found
    ]
