"""Network tests start from one link: a shelter with one worker, and a police desk with one officer."""

from __future__ import annotations

from tests.matching.contact_network import Network, ago, carrier

LIMPOPO = {"serves": {"scope": "province", "codes": ["ZA-LP"]}, "level": "provincial"}


def one_link() -> Network:
    """The link `tie` from the organisation `shelter` to the unit `desk`."""
    net = Network()
    net.organisation("shelter", province="ZA-LP")
    net.organisation("police", "government", department_code="SAPS")
    net.unit("desk", "police", functions=["police_report"], **LIMPOPO)
    net.post("house", "shelter")
    net.post("counter", "police", "desk")
    net.sits(net.person("worker", "+27821"), "house", key="working")
    net.sits(net.person("officer", "+27822"), "counter", key="on-duty")
    net.link(
        "tie",
        ("organisation", "shelter"),
        ("department", "desk"),
        carriers=[carrier("a", "working"), carrier("b", "on-duty")],
        last_confirmed_at=ago(5),
    )
    return net
