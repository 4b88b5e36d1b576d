"""The layer check finds what import-linter cannot see."""

from __future__ import annotations

from scripts.check_layers import check_charts, check_kernel


def test_the_kernel_uses_the_standard_library_only() -> None:
    assert check_kernel("import json\nfrom northing.kernel.ids import uuid7\n") == []
    assert check_kernel("import json\nimport msgspec\n") == [":2 the kernel imports msgspec"]
    assert check_kernel("from northing.server.settings import Settings\n")[0].startswith(":1")


def test_the_chart_library_stays_in_its_folder() -> None:
    assert check_charts('import { Chart } from "../charts/Chart";\n') == []
    assert check_charts('import * as echarts from "echarts/core";\n') == [
        ":1 imports echarts/core outside web/src/charts"
    ]
    assert check_charts("const lib = await import('echarts');\n")
