"""The other files of deploy/: systemd's own checker finds no fault, Caddy's neither, and they name what exists."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import CHECKOUT
from widget.settings import Settings, env_name

DEPLOY = CHECKOUT / "deploy"
UNITS = ("comment-widget.service", "comment-widget.socket")


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("systemd-analyze not found (Debian: systemd): deploy/*.service and *.socket were not checked")
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/opt/comment-widget/bin/comment-widget", sys.executable))
    checked = subprocess.run(
        [checker, "verify", "--man=no", *(tmp_path / name for name in UNITS)], capture_output=True, text=True
    )
    complaints = [line for line in checked.stderr.splitlines() if "comment-widget" in line]
    assert complaints == []


def test_caddy_finds_no_fault_in_the_caddyfile() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("caddy not found: the syntax of deploy/Caddyfile was not checked")
    command = [caddy, "adapt", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_all_files_speak_of_the_same_address() -> None:
    assert "ListenStream=127.0.0.1:8000" in (DEPLOY / "comment-widget.socket").read_text("utf-8")
    assert "server 127.0.0.1:8000 " in (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "reverse_proxy 127.0.0.1:8000 " in (DEPLOY / "Caddyfile").read_text("utf-8")


def test_the_settings_they_name_exist() -> None:
    known = {env_name(name) for name in Settings.model_fields}
    for path in DEPLOY.iterdir():
        assert set(re.findall(r"\bWIDGET_[A-Z_]+[A-Z]", path.read_text("utf-8"))) <= known, path.name
