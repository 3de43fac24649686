import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from pytest_django import Settings

from common.database.fields import EncryptedFileSystemStorage, EncryptedTextField, extension_by_content
from common.encryption import DecryptionError

PDF = b"%PDF-1.7 some content"


@pytest.fixture
def secret_model(db: None) -> Iterator[Any]:
    with isolate_apps("common"):

        class Secret(models.Model):
            text = EncryptedTextField(null=True, blank=True)  # type: ignore[misc]

            class Meta:
                app_label = "base"

        with connection.schema_editor() as editor:
            editor.create_model(Secret)
        yield Secret


def stored_texts() -> list[str | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM base_secret ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_text_is_encrypted_in_the_database_and_plain_in_python(secret_model: Any):
    secret = secret_model.objects.create(text="360102199001011234")
    assert secret.text == "360102199001011234"
    (stored,) = stored_texts()
    assert stored
    assert "3601" not in stored
    assert secret_model.objects.get().text == "360102199001011234"
    assert secret_model.objects.values_list("text", flat=True).get() == "360102199001011234"


def test_every_way_of_writing_encrypts(secret_model: Any):
    secret_model.objects.bulk_create([secret_model(text="one"), secret_model(text="two")])
    secret_model.objects.update(text="three")
    rows = list(secret_model.objects.order_by("id"))
    rows[0].text = "four"
    secret_model.objects.bulk_update(rows, ["text"])
    assert [row.text for row in secret_model.objects.order_by("id")] == ["four", "three"]
    assert all(stored and stored not in ("three", "four") for stored in stored_texts())


def test_nothing_stays_nothing(secret_model: Any):
    secret_model.objects.create(text=None)
    secret_model.objects.create(text="")
    assert stored_texts() == [None, ""]
    assert secret_model.objects.filter(text__isnull=True).count() == 1
    assert {row.text for row in secret_model.objects.all()} == {None, ""}


@pytest.mark.parametrize(
    "lookup", ["text", "text__exact", "text__in", "text__contains", "text__gt", "text__lower__exact"]
)
def test_search_in_the_encrypted_column_is_refused(secret_model: Any, lookup: str):
    with pytest.raises(FieldError, match="is encrypted"):
        secret_model.objects.filter(**{lookup: "x"}).exists()


def test_unique_or_indexed_is_an_error():
    with isolate_apps("common"):

        class Wrong(models.Model):
            unique = EncryptedTextField(unique=True)
            indexed = EncryptedTextField(db_index=True)
            right = EncryptedTextField()

            class Meta:
                app_label = "base"

        found = {field.name: [error.id for error in field.check()] for field in Wrong._meta.local_fields[1:]}
    assert found == {"unique": ["base.E001"], "indexed": ["base.E001"], "right": []}


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> EncryptedFileSystemStorage:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return EncryptedFileSystemStorage()


def test_a_file_is_encrypted_on_disk_and_comes_back(storage: EncryptedFileSystemStorage, tmp_path: Path):
    name = storage.save("scans/a.pdf", ContentFile(PDF))
    path = tmp_path / "private" / name
    assert b"PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with storage.open(name) as stored:
        assert stored.read() == PDF
    assert storage.size(name) == len(PDF)
    storage.delete(name)
    assert not path.exists()


@pytest.mark.parametrize("given", ["scans/身份证 张三.exe", "scans/x.html", "scans/a.pdf"])
def test_given_names_are_thrown_away(storage: EncryptedFileSystemStorage, given: str):
    name = storage.save(given, SimpleUploadedFile("evil.html", PDF, content_type="text/html"))
    folder, shard, file = name.split("/")
    assert folder == "scans"
    assert file.startswith(shard)
    assert file.endswith(".pdf")
    assert len(file) == 32 + len(".pdf")


def test_the_same_file_twice_is_two_files(storage: EncryptedFileSystemStorage):
    assert storage.save("scans/a.pdf", ContentFile(PDF)) != storage.save("scans/a.pdf", ContentFile(PDF))


def test_a_file_has_no_address_and_cannot_be_changed(storage: EncryptedFileSystemStorage):
    name = storage.save("scans/a.pdf", ContentFile(PDF))
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)
    with pytest.raises(ValueError, match="reading only"):
        storage.open(name, "wb")


def test_a_file_changed_on_disk_is_noticed(storage: EncryptedFileSystemStorage, tmp_path: Path):
    name = storage.save("scans/a.pdf", ContentFile(PDF))
    path = tmp_path / "private" / name
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(DecryptionError):
        storage.open(name)


def test_migrations_name_no_folder():
    text, imports = MigrationWriter.serialize(EncryptedFileSystemStorage())
    assert text == "common.database.fields.EncryptedFileSystemStorage()"
    assert imports == {"import common.database.fields"}


def zip_of(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PDF, ".pdf"),
        (b"\xff\xd8\xff\xe0 jpeg", ".jpg"),
        (b"\x89PNG\r\n\x1a\n png", ".png"),
        (zip_of("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (zip_of("a.txt"), ".zip"),
        (b"PK\x03\x04 broken", ".bin"),
        (b"<html>", ".bin"),
        (b"", ".bin"),
    ],
)
def test_extensions_come_from_the_content(content: bytes, extension: str):
    file = io.BytesIO(content)
    file.seek(2)
    assert extension_by_content(file) == extension
    assert file.tell() == 0
