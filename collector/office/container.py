"""ZIP containers and their XML, opened only after it is known what they unpack to."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from collector.office.document import Limits, refuse

RATIO_FLOOR = 20 * 1024 * 1024  # small files may compress as well as they like


def open_container(data: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """Open a ZIP-based file. Nothing is ever written to disk, so member names cannot lead out of a folder.

    Raises CollectorError READ-ZIPBOMB, READ-ENCRYPTED or READ-BROKEN.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise refuse("READ-BROKEN", "文件已损坏，无法打开", name) from error
    total = sum(m.file_size for m in members)
    packed = max(1, sum(m.compress_size for m in members))
    overlapping = packed > 2 * len(data) + 1024
    swollen = total > RATIO_FLOOR and total > limits.ratio * min(packed, len(data))
    if len(members) > limits.entries or total > limits.unpacked_bytes or swollen or overlapping:
        raise refuse("READ-ZIPBOMB", "文件解压后体积异常，已拒绝读取", name)
    if any(m.flag_bits & 0x1 for m in members):
        raise refuse("READ-ENCRYPTED", "文件已加密，无法读取", name, "请提供未加密的文件")
    return archive


def read_part(archive: zipfile.ZipFile, part: str, name: str, limits: Limits) -> bytes | None:
    """Bytes of one member, None where there is no such member.

    Raises CollectorError READ-ZIPBOMB for a member over the limit, READ-BROKEN where it does not unpack.
    """
    try:
        member = archive.getinfo(part)
    except KeyError:
        return None
    if member.file_size > limits.part_bytes:
        raise refuse("READ-ZIPBOMB", "文件内部件体积异常，已拒绝读取", name)
    try:
        with archive.open(member) as stream:
            data = stream.read(limits.part_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise refuse("READ-BROKEN", "文件已损坏，部分内容无法解压", name) from error
    if len(data) > limits.part_bytes:
        raise refuse("READ-ZIPBOMB", "文件内部件体积异常，已拒绝读取", name)
    return data


def read_xml(archive: zipfile.ZipFile, part: str, name: str, limits: Limits) -> Element | None:
    """Root element of an XML member, None where there is no such member.

    Document type declarations are refused: no office program writes them, and entities live there.
    Raises CollectorError READ-UNSAFE-XML or READ-BROKEN.
    """
    data = read_part(archive, part, name, limits)
    if data is None:
        return None
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise refuse("READ-UNSAFE-XML", "文件含外部实体等不安全内容，已拒绝读取", name) from error
    except (ParseError, ValueError, LookupError) as error:
        raise refuse("READ-BROKEN", "文件内容损坏，无法解析", name) from error
    return root


def local(element: Element) -> str:
    """Tag without its namespace: transitional and strict OOXML differ in nothing else here."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, wanted: str) -> str | None:
    """Attribute by local name."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == wanted:
            return value
    return None
