"""Makes the PDF an archival file with machine-readable data (PDF/A-3b): colour profile, XMP, attached data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from PIL import ImageCms

from common.printing.pdf import PdfFile, deflated, deflated_once, text

DATA_FILE = "certificate.json"
_MAKER = "jxcloud"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
{room}
<?xpacket end="w"?>"""


@dataclass(frozen=True)
class Description:
    """Viewers show these data of a document."""

    title: str
    author: str
    subject: str
    day: date

    @property
    def texts(self) -> dict[str, str]:
        """The document information and XMP must state the same, as PDF/A demands."""
        made = {"Producer": _MAKER, "Creator": _MAKER}
        return {"Title": self.title, "Author": self.author, "Subject": self.subject, **made}


def information(pdf: PdfFile, description: Description) -> int:
    entries = " ".join(f"/{key} {text(value)}" for key, value in description.texts.items())
    moment = _moment(description.day)
    return pdf.add(f"<< {entries} /CreationDate {moment} /ModDate {moment} >>")


def catalogue_entries(pdf: PdfFile, description: Description, data: bytes) -> str:
    """Adds what makes the file archival, and answers the entries by which its catalogue leads there."""
    return " ".join(
        (
            "/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>",
            f"/Metadata {_metadata(pdf, description)} 0 R",
            f"/OutputIntents [{_output_intent(pdf)}]",
            _attached(pdf, data, description.day),
        )
    )


def _metadata(pdf: PdfFile, description: Description) -> int:
    """The packet stays uncompressed, so that programs find it without understanding PDF."""
    packet = _XMP.format(
        **{key.lower(): escape(value) for key, value in description.texts.items()},
        day=f"{description.day.isoformat()}T00:00:00+08:00",
        room=" " * 256,
    )
    return pdf.stream("/Type /Metadata /Subtype /XML", packet.encode("utf-8"))


def _output_intent(pdf: PdfFile) -> str:
    profile = pdf.stream("/N 3", packed_profile(), compressed=True)
    name = text("sRGB IEC61966-2.1")
    return (
        f"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier {name} /Info {name}"
        f" /DestOutputProfile {profile} 0 R >>"
    )


@lru_cache(maxsize=1)
def packed_profile() -> bytes:
    return deflated_once(srgb_profile())


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Removes the time of making, which the colour library writes into the profile, and the digest over it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07e8 0001 0001 0000 0000 0000")  # 2024-01-01
    profile[84:100] = bytes(16)
    return bytes(profile)


def _attached(pdf: PdfFile, data: bytes, day: date) -> str:
    """Attaches the certificate's data as an associated file, for programs to read."""
    checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
    embedded = pdf.stream(
        "/Type /EmbeddedFile /Subtype /application#2Fjson"
        f" /Params << /Size {len(data)} /CheckSum <{checksum}> /ModDate {_moment(day)} >>",
        deflated(data),
        compressed=True,
    )
    name = text(DATA_FILE)
    specification = pdf.add(
        f"<< /Type /Filespec /F {name} /UF {name} /Desc {text('证书数据')} /AFRelationship /Data"
        f" /EF << /F {embedded} 0 R /UF {embedded} 0 R >> >>"
    )
    return f"/Names << /EmbeddedFiles << /Names [{name} {specification} 0 R] >> >> /AF [{specification} 0 R]"


def _moment(day: date) -> str:
    return f"(D:{day:%Y%m%d}000000+08'00')"
