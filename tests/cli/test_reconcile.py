from pathlib import Path

from pipeline.stages.intake import take_in
from pipeline.stages.services import Services
from tests.cli.conftest import Zishen
from tests.cli.papers import COMPLETE, hand_in


def test_a_house_in_order_says_so(zishen: Zishen) -> None:
    said = zishen("reconcile")

    assert (said.code, said.out) == (0, "没有遗留问题。\n")


def test_what_is_left_is_told_and_mended_when_asked(
    zishen: Zishen, services: Services, tmp_path: Path
) -> None:
    zishen("reconcile")
    package = take_in([hand_in(tmp_path / "one", *COMPLETE)], services)

    told, again, mended, after = (
        zishen("reconcile", "--lang", "en", *more) for more in ((), (), ("--mend",), ())
    )

    assert told.out == again.out
    assert told.out.startswith(f"package_without_run  {package.id}  a package that nobody reviews")
    assert mended.out.endswith("mended\n")
    assert after.out == "Nothing was left behind.\n"
