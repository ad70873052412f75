"""The run that compares findings with tasks: measured in a reading transaction, and kept in a short writing one."""

from directory import permissions
from directory.permissions import Actor
from directory.services import runs
from directory.services.runs import Done
from matching import service
from web import transaction


def run_if_due(actor: Actor) -> None:
    """Run before a coordinator reads tasks or the trend, where it is due. Nothing is written when it is not."""
    if not permissions.may(actor, "network.read") or not runs.is_due(transaction.session()):
        return
    run(actor)
    transaction.restart()


def run(actor: Actor) -> Done:
    """Run now. Raises Denied."""
    registry = transaction.registry()
    with registry.within(write=False) as session:
        plan = service.network_plan(session, actor, registry.clock())
    with registry.within(write=True) as session:
        return runs.apply(session, plan)
