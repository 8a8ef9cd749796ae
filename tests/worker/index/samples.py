"""Documents of each kind, made on the spot; and some that nobody should read."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_heading("Brewing", level=1)
    document.add_heading("Water", level=2)
    document.add_paragraph("The kettle boils at ninety-six degrees.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Leaf", "Oolong"
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active.title = "Stock"
    book.active.append(["Tea", "Grams"])
    book.active.append(["Oolong", 250])
    book.create_sheet("Empty")
    book.save(out)
    return out.getvalue()


def pptx() -> bytes:
    from pptx import Presentation

    show, out = Presentation(), io.BytesIO()
    for title, body in (("Harvest", "Picked in spring."), ("Roasting", "Slowly, over charcoal.")):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, body
    slide.notes_slide.notes_text_frame.text = "Say why charcoal."
    show.save(out)
    return out.getvalue()


def odt(body: str = "") -> bytes:
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = body or '<text:h text:outline-level="1">Storage</text:h><text:p>Keep it dry &amp; dark.</text:p>'
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def epub() -> bytes:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book/all.opf"/></rootfiles></container>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="one.xhtml"/><item id="b" href="two%20more.xhtml"/></manifest>'
        '<spine><itemref idref="b"/><itemref idref="a"/></spine></package>'
    )
    chapter = "<html><head><title>no</title></head><body><h1>{}</h1><p>{}</p></body></html>"
    return zipped({
        "mimetype": "application/epub+zip", "META-INF/container.xml": container, "book/all.opf": package,
        "book/one.xhtml": chapter.format("Second", "The end."), "book/two more.xhtml": chapter.format("First", "It began in Fujian."),
    })  # fmt: skip


HTML = b"""<!doctype html><html><head><title>Tea</title><style>p {}</style></head><body><nav>Menu</nav><h1>Tea</h1><p>Green
  <b>and</b> black.</p><script>var x = "never";</script><h2>Kinds</h2><ul><li>White</li><li>Yellow<br>rare</li></ul>
<table><tr><td>Name</td><td>Origin</td></tr></table></body></html>"""


def scanned(pages: int, *, before: str = "") -> bytes:
    """Return a PDF whose pages are pictures, behind one with text where that is given."""
    from PIL import Image
    from pypdf import PdfReader, PdfWriter

    out, picture = io.BytesIO(), Image.new("L", (40, 40), 200)
    picture.save(out, "PDF", save_all=True, append_images=[picture] * (pages - 1))
    writer = PdfWriter()
    for part in [pdf(before)] if before else []:
        writer.append(PdfReader(io.BytesIO(part)))
    writer.append(PdfReader(out))
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def pdf(*pages: str, password: str = "") -> bytes:
    """Return a PDF whose pages say this."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(width=300, height=300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F 12 Tf 20 200 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """Return a DOCX that unfolds to half a gigabyte."""
    return zipped({"word/document.xml": b"\0" * (512 << 20)})


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"


def laughing_odt() -> bytes:
    content = (
        LAUGHS + '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><text:p>&j;</text:p></office:document-content>'
    )
    return zipped({"content.xml": content})


def laughing_docx() -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'{LAUGHS}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    return zipped({"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": body})


def peeking_odt() -> bytes:
    """Return an ODT that asks for a file of the machine."""
    content = (
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<text:p>before &file; after</text:p></office:document-content>"
    )
    return zipped({"content.xml": content})
