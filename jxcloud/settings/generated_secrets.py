"""Makes secrets outside production once in each checkout and keeps them in a file that only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Secrets(TypedDict):
    SECRET_KEY: str
    FIELD_ENCRYPTION_KEYS: list[str]
    BLIND_INDEX_KEY: str


def make_key() -> str:
    """Answers 32 random bytes, URL-safe base64: the form of FIELD_ENCRYPTION_KEYS and BLIND_INDEX_KEY."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept_secrets(file: Path) -> Secrets:
    if not file.exists():
        fresh = Secrets(
            SECRET_KEY=secrets.token_urlsafe(60), FIELD_ENCRYPTION_KEYS=[make_key()], BLIND_INDEX_KEY=make_key()
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        complete = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(complete, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as target:
            json.dump(fresh, target, indent=1)
        try:
            # The file is linked and not renamed: if two processes start at once, the first one's secrets stay and both
            # read them.
            os.link(complete, file)
        except FileExistsError:
            pass  # the other starter was first
        finally:
            complete.unlink()
    loaded: Secrets = json.loads(file.read_text())
    return loaded
