"""What pyproject.toml cannot say: the kernels, compiled where there is a compiler.

``make kernels`` builds them in place; a build without a compiler goes on without them.
"""

import platform
from pathlib import Path

from setuptools import Extension, setup

KERNELS = Path("container/text_classification/kernels")
# Python's own options say what a sum that overflows is; nothing here overflows, and loops that need
# not care take a sixth less.
OPTIONS = ["-O3", "-std=c11", "-fno-wrapv", "-fno-math-errno", "-Wall", "-Wextra"]
if platform.machine() == "x86_64":
    # Compilers still avoid the widest vectors, which slowed the first processors that had them.
    OPTIONS.append("-mprefer-vector-width=512")

setup(
    ext_modules=[
        Extension(
            "text_classification.kernels._compiled",
            sorted(map(str, KERNELS.glob("*.c"))),
            depends=sorted(map(str, KERNELS.glob("*.h"))),
            extra_compile_args=OPTIONS,
            libraries=["m"],
            optional=True,
        )
    ]
)
