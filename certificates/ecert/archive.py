"""Makes the PDF an archival file with machine-readable data (PDF/A-3b): colour profile, XMP, attached data."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase import pdfdoc

from common.printing.reportlab_fixes import Catalogue, Information, stream

DATA_FILE = "certificate.json"
_PRODUCER = "ReportLab PDF Library - www.reportlab.com"
_CREATOR = "jxcloud"
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


def describe(
    doc: pdfdoc.PDFDocument, catalogue: Catalogue, *, title: str, author: str, subject: str, day: date
) -> None:
    """Writes the same statements into the document information and into XMP, as PDF/A demands."""
    entries = {"Title": title, "Author": author, "Subject": subject, "Producer": _PRODUCER, "Creator": _CREATOR}
    doc.info = Information(entries, day)
    packet = _XMP.format(
        **{key.lower(): escape(value) for key, value in entries.items()},
        day=f"{day.isoformat()}T00:00:00+08:00",
        room=" " * 256,
    )
    # The packet stays uncompressed, so that programs find it without understanding PDF.
    metadata = stream(packet.encode("utf-8"), {"Type": "/Metadata", "Subtype": "/XML"}, compressed=False)
    catalogue.Metadata = doc.Reference(metadata, "metadata")
    catalogue.ViewerPreferences = pdfdoc.PDFDictionary({"DisplayDocTitle": "true"})


def set_colour_profile(doc: pdfdoc.PDFDocument, catalogue: Catalogue) -> None:
    profile = doc.Reference(stream(srgb_profile(), {"N": 3}), "outputProfile")
    intent = pdfdoc.PDFDictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": profile,
        }
    )
    catalogue.OutputIntents = pdfdoc.PDFArray([intent])


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Removes the time of making, which the colour library writes into the profile, and the digest over it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07e8 0001 0001 0000 0000 0000")  # 2024-01-01
    profile[84:100] = bytes(16)
    return bytes(profile)


def attach_data(doc: pdfdoc.PDFDocument, catalogue: Catalogue, data: bytes, day: date) -> None:
    """Attaches the certificate's data as an associated file, for programs to read."""
    checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
    parameters = pdfdoc.PDFDictionary(
        {
            "Size": len(data),
            "CheckSum": f"<{checksum}>",
            "ModDate": pdfdoc.PDFString(f"D:{day:%Y%m%d}000000+08'00'"),
        }
    )
    entries = {"Type": "/EmbeddedFile", "Subtype": "/application#2Fjson", "Params": parameters}
    embedded = doc.Reference(stream(data, entries), "embeddedData")
    specification = pdfdoc.PDFDictionary(
        {
            "Type": "/Filespec",
            "F": pdfdoc.PDFString(DATA_FILE),
            "UF": pdfdoc.PDFString(DATA_FILE),
            "Desc": pdfdoc.PDFString("证书数据"),
            "AFRelationship": "/Data",
            "EF": pdfdoc.PDFDictionary({"F": embedded, "UF": embedded}),
        }
    )
    reference = doc.Reference(specification, "dataFile")
    names = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([pdfdoc.PDFString(DATA_FILE), reference])})
    catalogue.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": names})
    catalogue.AF = pdfdoc.PDFArray([reference])
