"""Services, or parts of services, that ministack lacks or answers wrongly."""

from __future__ import annotations

__all__ = ["install"]


def install() -> None:
    """Put every one of them in its place in ministack, and its stores into the server's snapshots."""
    from ministack import app  # noqa: PLC0415 - ministack reads the environment on import
    from ministack.core import router  # noqa: PLC0415
    from ministack.services import ssm  # noqa: PLC0415

    from semanticworld.local.cloud import state  # noqa: PLC0415
    from semanticworld.local.cloud.resources.services import (  # noqa: PLC0415
        alarms,
        dashboards,
        dlm,
        documents,
        firing,
        iam_rules,
        schedules,
        subscriptions,
        systems_manager,
        tagging,
    )

    router.SERVICE_PATTERNS["dlm"] = {"host_patterns": [r"^dlm\."], "credential_scope": "dlm"}
    app.SERVICE_HANDLERS["dlm"] = dlm.handle_request
    state.register("dlm", dlm.snapshot, dlm.restore)
    ssm.handle_request = systems_manager.answering(ssm.handle_request)
    state.register("ssm-documents", documents.snapshot, documents.restore)
    iam_rules.install()
    subscriptions.install()
    schedules.install()
    firing.install()
    alarms.install()
    dashboards.install()
    tagging.install()
