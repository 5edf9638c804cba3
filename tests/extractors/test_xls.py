"""Workbooks of Excel 97, whose reader may take the process that it runs in with it."""

import base64
import subprocess
import zlib

import pytest

from extractors import xls
from extractors.intake import Limits
from extractors.kinds.statement import extract
from extractors.sheets import read
from schemas.documents import MediaType
from schemas.errors import CorruptFileError, TooLargeError
from tests.extractors.drawing import values

PACKED = (
    r"c-rk)OGs2v82-<F%)`exV=8In3vx;&h$uqP$(nML&Nvp?14~n;&@=`KY@wD3f(#TvSk%H0s*TmA2Nl?^MPQFb5Cm"
    r"$A7D5mdxKMBZ|KEFU#%AF_NyYsx=Rg1X&;OnGJ?Gr}deSpB`XFx_mZ1t{Sk#<gi?Im|PBY;K%-1wh&DeoKv+z&B>"
    r"A;D!sqi%Ym7V60=6f0>xUalG2{41<D4c=1uFkf?Rm3iCL$jbZRH77c11&Dd<yK{~Ji&4e%X{qkjO9+YL|Im%@02("
    r"UlfJsr9mXndl!`ge1yt@M=6qnw7RZK|w2J#K3EfwP>d2|)j=wV_UrB>8z<H}_>uifOcT7PRPT&}P*9rl?nQ!Vup="
    r"DoPy8yJ$#oO%(>{lcOpdYm3yub%>sd^R4QH4KxyRINw5j;6G5516rHVP`lWTb+~>DwMU&`=x5(<*v~1I}>pYDfKC"
    r"g91V~?ykpTdq%#T#c1D9Q9EW7gv-K*0yjrc?QU8hGE{F=H2I@%E~8)L5pUE6qWbim5LM;aKRQe`>)V7oZktHw*C!"
    r"2SD`c?l;g`sb2f_T^uWxHxg1%#H>F1+CKR`B6pFxB3#6YqO%<=#zr<56GEH7}W>sZfYnT2D3aY-=SQ1%Y6&qdBH!"
    r"Fskb-ub*S`bN|TXX_v54}S7(LVdhu`drrdd*3J&<AK(Se0m0;T$GFJ*9cF1W-N@&<|E78Up5|x<Tm=I8K-0hEbwd"
    r"rjt3YX)N^^6hhPtqLb7oSJceB|Mv|Bkk4rpLVy28zPZ3jDN)cOKO39eA8D+@{%96P(n$+j87E{9T_rUCs9p$YIYB"
    r"{l$1Z;&p9R^!rb_&~OHj@l*OEcJN0=CMYbfxH(C`D`+uZAL?UcHZWsnBVu;Fm#~@GB@}okHFF9LR(!DH9&jxZv*p"
    r"6DeT9f&~i}ELgB$As%%7l=yP0U%yr3GHy5i>nvbcw0@KPw+KNOKHd0Xx(7NjjzCXR>n8_4R?V`+3OVNgLc&3;Jp%"
    r"2}!tH2Jdi~<ZnTYMriiz&u_X;Ij|6(%j{KNJC093E}X8"
)
"""A balance sheet of three rows on the form for small enterprises, packed."""
WHOLE = zlib.decompress(base64.b85decode(PACKED))


def broken(*bytes_at: tuple[int, int]) -> bytes:
    data = bytearray(WHOLE)
    for place, value in bytes_at:
        data[place] = value
    return bytes(data)


def test_an_old_workbook_is_read_like_any_other() -> None:
    book = read(WHOLE, MediaType.XLS, "sha", Limits())

    (found,) = extract(book.pages)

    assert values(found, "end")["cash_and_bank_balances"] == "1234.5"
    assert book.pages[0].tables[0].cells[0].reference == "资产负债表!A1"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(broken((1668, 210), (2173, 124), (3640, 30)), id="ends the process"),
        pytest.param(broken((1421, 0), (3701, 20), (5024, 16)), id="finds itself in the wrong"),
        pytest.param(WHOLE[:700], id="cut off"),
    ],
)
def test_a_broken_old_workbook_takes_only_its_own_process_with_it(data: bytes) -> None:
    with pytest.raises(CorruptFileError):
        read(data, MediaType.XLS, "sha", Limits())


def test_an_old_workbook_of_too_many_cells_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read(WHOLE, MediaType.XLS, "sha", Limits(max_sheet_cells=3))


def test_a_reader_that_comes_to_no_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("xls", timeout)

    monkeypatch.setattr(subprocess, "run", never)

    with pytest.raises(CorruptFileError):
        list(xls.grids(WHOLE, Limits()))
