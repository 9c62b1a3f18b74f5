"""A kernel of the course has what a canvas needs before anybody asks for one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ROOT
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from course.lab.settings import write_kernel


@pytest.fixture
def client(tmp_path: Path) -> Iterator[BlockingKernelClient]:
    """Of a kernel as JupyterLab starts it, in an empty folder."""
    write_kernel(tmp_path / "share")
    specs = KernelSpecManager(kernel_dirs=[str(tmp_path / "share" / "kernels")])
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    manager.start_kernel(cwd=str(tmp_path), env={**os.environ, "PYTHONPATH": path})
    made = manager.client()
    made.start_channels()
    try:
        made.wait_for_ready(timeout=600)
        yield made
    finally:
        made.stop_channels()
        manager.shutdown_kernel(now=True)


def test_it_is_imported_and_no_name_is_left(client: BlockingKernelClient) -> None:
    asked = {"ready": "'course.workbook.canvas.widget' in __import__('sys').modules", "names": "'course' in dir()"}
    reply = client.execute("", user_expressions=asked, reply=True, timeout=600)
    found = {name: value["data"]["text/plain"] for name, value in reply["content"]["user_expressions"].items()}
    assert found == {"ready": "True", "names": "False"}
