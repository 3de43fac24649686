import json
import subprocess
import time
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from certificates.ecert.preview import preview_png
from certificates.ecert.render import render
from certificates.ecert.seal import drawn_png
from common.printing import qr
from tests.certificates.ecert.faces import LONG_ENTERPRISE, LONG_NAME, face, photo


@cache
def rendered() -> bytes:
    return render(face())


def run(command: str, pdf: bytes, folder: Path, *arguments: str) -> str:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    words = [str(path) if word == "FILE" else word for word in (command, *arguments)]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=300).stdout


def page_image(pdf: bytes, folder: Path, dpi: int) -> Image.Image:
    run("pdftoppm", pdf, folder, "-r", str(dpi), "-png", "-singlefile", "FILE", str(folder / "page"))
    return Image.open(folder / "page.png").convert("RGB")


def test_file_is_sound(tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", rendered(), tmp_path, "--check", "FILE")


def test_text_comes_back_exactly(tmp_path: Path) -> None:
    lines = run("pdftotext", rendered(), tmp_path, "FILE", "-").split("\n")
    for text in (
        "欧阳·䶮𬭎𠮷",
        "安全生产考核合格证书",
        "编号：赣建安C3（2024）0001234",
        "江西赣江建设工程集团有限公司",
        "2024年03月01日 至 2027年02月28日",
        "姓名",
        "中华人民共和国住房和城乡建设部 监制",
    ):
        assert text in lines


def test_long_names_come_back_whole(tmp_path: Path) -> None:
    pdf = render(face(name=LONG_NAME, enterprise_name=LONG_ENTERPRISE))
    text = run("pdftotext", pdf, tmp_path, "FILE", "-").replace("\n", "")
    assert LONG_NAME in text
    assert LONG_ENTERPRISE in text


def test_all_fonts_are_embedded_with_text_maps(tmp_path: Path) -> None:
    rows = run("pdffonts", rendered(), tmp_path, "FILE").splitlines()[2:]
    assert len(rows) == 5
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_structure_of_an_archival_file() -> None:
    with pikepdf.open(BytesIO(rendered())) as pdf:
        root = pdf.Root
        assert not pdf.is_encrypted
        assert root.Lang == "zh-CN"
        (intent,) = root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
            assert metadata["dc:title"] == str(pdf.docinfo["/Title"]) == "安全生产考核合格证书 赣建安C3（2024）0001234"
            assert metadata["dc:description"] == str(pdf.docinfo["/Subject"])
            assert metadata["dc:creator"] == [str(pdf.docinfo["/Author"])] == ["江西省住房和城乡建设厅"]
            assert metadata["pdf:Producer"] == str(pdf.docinfo["/Producer"])
            assert metadata["xmp:CreatorTool"] == str(pdf.docinfo["/Creator"])
            assert metadata["xmp:CreateDate"] == "2024-03-01T00:00:00+08:00"
            assert str(pdf.docinfo["/CreationDate"]) == "D:20240301000000+08'00'"
        assert len(bytes(pdf.trailer.ID[0])) == 16
        assert not any(str(font.BaseFont).endswith("Helvetica") for font in pdf.pages[0].Resources.Font.values())


def test_data_is_attached_as_associated_file() -> None:
    with pikepdf.open(BytesIO(rendered())) as pdf:
        (associated,) = pdf.Root.AF
        assert associated.AFRelationship == "/Data"
        assert pdf.Root.Names.EmbeddedFiles.Names[1].objgen == associated.objgen
        embedded = associated.EF.F
        assert embedded.Subtype == "/application/json"
        assert json.loads(embedded.read_bytes()) == face().as_data()
        assert embedded.Params.Size == len(embedded.read_bytes())


def test_photo_is_carried_as_it_is() -> None:
    with pikepdf.open(BytesIO(rendered())) as pdf:
        images = [x for x in pdf.pages[0].Resources.XObject.values() if x.get("/Filter") == "/DCTDecode"]
        assert [image.read_raw_bytes() for image in images] == [photo()]


def test_grey_photo_keeps_its_colour_space(tmp_path: Path) -> None:
    pdf = render(face(photo_jpeg=photo(mode="L")))
    red, green, blue = page_image(pdf, tmp_path, 72).getpixel((458, 842 - 480))
    assert max(red, green, blue) - min(red, green, blue) <= 2


def test_same_face_gives_the_same_bytes_at_any_time() -> None:
    first = rendered()
    time.sleep(1.1)  # the clock of PDF dates ticks in seconds
    assert render(face()) == first
    assert render(face(version_no=2)) != first


def test_qr_code_is_read_from_its_matrix() -> None:
    url = face().qr_url
    side, rows = qr.bitmap(url)
    assert len(rows) == side * side // 8
    image = Image.new("L", (side + 64, side + 64), 255)
    image.paste(Image.frombytes("1", (side, side), rows), (32, 32))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [url]


@pytest.mark.parametrize("dpi", [96, 150])
def test_qr_code_is_read_from_the_page(tmp_path: Path, dpi: int) -> None:
    (code,) = zxingcpp.read_barcodes(page_image(rendered(), tmp_path, dpi))
    assert code.text == face().qr_url
    assert code.ec_level == "M"


def test_seal_image_replaces_the_drawn_seal(tmp_path: Path) -> None:
    green = Image.new("RGBA", (200, 200), (0, 128, 0, 255))
    target = BytesIO()
    green.save(target, "PNG")
    drawn = page_image(rendered(), tmp_path, 72).getpixel((412, 842 - 167))
    assert drawn[0] > 180
    assert drawn[1] < 80
    configured = page_image(render(face(), target.getvalue()), tmp_path, 72).getpixel((412, 842 - 118))
    assert configured == pytest.approx((0, 128, 0), abs=3)


def test_drawn_seal_is_transparent_around_and_red_within() -> None:
    seal = Image.open(BytesIO(drawn_png("江西省住房和城乡建设厅", 240)))
    assert seal.getpixel((2, 2))[3] == 0
    assert seal.getpixel((120, 120))[3] == 255
    assert seal.getpixel((120, 120))[0] > 200
    assert seal.getpixel((120, 200))[3] == 0


def test_seal_letters_stay_out_of_the_text(tmp_path: Path) -> None:
    text = run("pdftotext", rendered(), tmp_path, "FILE", "-")
    assert text.count("厅") == 1


def test_preview_shows_the_same_face_as_the_pdf(tmp_path: Path) -> None:
    preview = Image.open(BytesIO(preview_png(face()))).convert("RGB")
    assert preview.size == (1190, 1684)
    assert zxingcpp.read_barcodes(preview)[0].text == face().qr_url
    # Shrunk so far that only what stands where matters, both are the same picture.
    small = (60, 84)
    page = page_image(rendered(), tmp_path, 144).resize(small, Image.Resampling.BOX).convert("L").tobytes()
    shown = preview.resize(small, Image.Resampling.BOX).convert("L").tobytes()
    far = [abs(one - other) for one, other in zip(page, shown, strict=True)]
    assert sum(far) / len(far) < 6
