# SPDX-License-Identifier: Apache-2.0
"""Installs a project with the Python agent's own classes: MANAGER FOLDER ARGUMENTS, the last for poetry install or uv sync."""

import logging
import os
import sys
import types

import clearml_agent
from clearml_agent.external.pyhocon import ConfigFactory
from clearml_agent.helper.package.poetry_api import PoetryConfig
from clearml_agent.helper.package.uv_api import UvAPI, UvConfig

manager, folder, *arguments = sys.argv[1:]
default = os.path.join(os.path.dirname(clearml_agent.__file__), "backend_api/config/default/agent.conf")
configuration = ConfigFactory.from_dict({"agent": ConfigFactory.parse_file(default)})
configuration.put("agent.package_manager.type", manager)
configuration.put("agent.package_manager.poetry_install_extra_args", arguments)
configuration.put("agent.package_manager.uv_sync_extra_args", arguments)
session = types.SimpleNamespace(config=configuration, debug_mode=False, get_logger=logging.getLogger)
if manager == "poetry":
    poetry = PoetryConfig(session)
    poetry._config("--local", "virtualenvs.in-project", "true", cwd=folder)
    poetry.get_api(folder).install()
else:
    uv = UvConfig(session)
    UvAPI(folder, uv, session, sys.executable, None, os.path.join(folder, ".venv")).install()
