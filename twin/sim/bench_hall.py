"""How long a million requests on a thousand accelerators of a whole hall take, the building settled every second."""

from __future__ import annotations

from time import process_time

from twin.files import Tree, asset_dir
from twin.scenario.overrides import Documents
from twin.sim.bench_serving import peak_rss_mb
from twin.sim.requests import RequestState
from twin.sim.run import load_documents, start_run

_RATE_PER_S = 1000.0


def million_case(n_requests: int = 1_000_000, n_accelerators: int = 1000) -> dict[str, object]:
    """Chat on H100s of the shipped GPU hall, one replica each, a request a second for each: pulses of 1 s.

    The other half of the hall stands idle. CPU seconds are those of the run; compiling the hall is given apart.
    """
    path = asset_dir().parent / "layouts" / "scenarios" / "gpu_hall_chat.yaml"
    rate_per_s = _RATE_PER_S * n_accelerators / 1000.0
    shipped = load_documents(path)
    documents = Documents({**shipped.scenario, **_changes(n_requests, n_accelerators, rate_per_s)}, shipped.layout)
    started_s = process_time()
    run = start_run(documents, path)
    compiled_s = process_time()
    while not run.is_done:
        run.step()
    cpu_s = process_time() - compiled_s
    requests = run.hall.served[0].workload.requests
    return {
        "name": "million" if n_requests == 1_000_000 else f"hall_{n_requests}",
        "router": "least_outstanding",
        "n_accelerators": n_accelerators,
        "n_requests": requests.n_arrived,
        "n_completed": requests.count(RequestState.DONE),
        "n_pulses": run.n_pulses,
        "simulated_s": run.now_s,
        "compile_cpu_s": compiled_s - started_s,
        "cpu_s": cpu_s,
        "requests_per_cpu_s": requests.n_arrived / cpu_s,
        "cpu_us_per_request": 1e6 * cpu_s / requests.n_arrived,
        "peak_rss_mb": peak_rss_mb(),
    }


def _changes(n_requests: int, n_accelerators: int, rate_per_s: float) -> Tree:
    """The parts of the scenario that make it this case."""
    workload: Tree = {
        "id": "chat",
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"table": "azure_conv_2023", "rate_per_s": rate_per_s},
        "replicas": {"count": n_accelerators, "tensor_parallel": 1, "on": ["dgx_h100"]},
        "router": "least_outstanding",
        "slo": {"ttft_s": 1.0, "tpot_s": 0.05},
    }
    return {"workloads": [workload], "hours": n_requests / rate_per_s / 3600.0, "pulse_s": 1.0}
