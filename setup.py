"""What pyproject.toml cannot say: the kernels, compiled where there is a compiler.

``make kernels`` builds them in place; a build without a compiler goes on without them.
"""

import platform

from setuptools import Extension, setup

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
            [
                "container/text_classification/kernels/convolution.c",
                "container/text_classification/kernels/look_up.c",
                "container/text_classification/kernels/tokens.c",
            ],
            depends=["container/text_classification/kernels/kernels.h"],
            extra_compile_args=OPTIONS,
            libraries=["m"],
            optional=True,
        )
    ]
)
