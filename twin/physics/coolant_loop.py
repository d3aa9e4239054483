"""Coolant loops of mixed volumes stepped exactly: chips on cold plates, coolant in the racks, return, supply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray


@dataclass(frozen=True, slots=True)
class LoopLaw:
    """Constants of n loops of k kinds of racks; racks of one kind are alike in flow, masses and conductances.

    Each field (n,) or (n, k); a loop of fewer kinds has `n_racks` 0 and capacities of 1 in the rest.
    """

    supply_j_k: FloatArray  # (n,) volume between exchanger and racks, > 0
    return_j_k: FloatArray  # (n,) volume between racks and exchanger, > 0
    n_racks: FloatArray  # (n, k) of each kind
    flow_w_k: FloatArray  # (n, k) flow of one rack times its heat capacity
    coolant_j_k: FloatArray  # (n, k) coolant in one rack, > 0
    plate_j_k: FloatArray  # (n, k) chips and cold plates of one rack, > 0
    plate_w_k: FloatArray  # (n, k) from chips to coolant, of one rack

    def rows(self, i: np.ndarray) -> LoopLaw:
        """The loops i alone."""
        return LoopLaw(
            self.supply_j_k[i],
            self.return_j_k[i],
            self.n_racks[i],
            self.flow_w_k[i],
            self.coolant_j_k[i],
            self.plate_j_k[i],
            self.plate_w_k[i],
        )

    @property
    def capacity_j_k(self) -> FloatArray:
        """Heat capacity behind each state, (n, 2 + 2k); those of a kind stand for all its racks."""
        kinds = np.stack([self.n_racks * self.coolant_j_k, self.n_racks * self.plate_j_k], axis=2)
        head = np.stack([self.supply_j_k, self.return_j_k], axis=1)
        return np.concatenate([head, kinds.reshape(len(head), 2 * self.n_racks.shape[1])], axis=1)

    @property
    def total_w_k(self) -> FloatArray:
        """Flow of each loop times its heat capacity, (n,)."""
        return np.asarray((self.n_racks * self.flow_w_k).sum(axis=1))


def loop_rates(law: LoopLaw, keep: FloatArray, take: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Matrices of dx/dt = A x + B u, (n, s, s) and (n, s, k + 2).

    States x: supply, return, then of each kind its coolant and its chips, °C. Inputs u: heat into the chips of a rack
    of each kind, heat of the pumps into the return (W), and a temperature Tx. The exchanger gives back
    keep Treturn + take Tx: (1, 0) passes nothing, (0, 1) holds Tx, (1 - e, e) falls by the share e towards water of Tx.

    keep, take: (n,). Source: heat balances of mixed volumes.
    """
    n, k = law.n_racks.shape
    total_w_k = law.total_w_k
    a, b = np.zeros((n, 2 + 2 * k, 2 + 2 * k)), np.zeros((n, 2 + 2 * k, k + 2))
    a[:, 0, 0] = -total_w_k / law.supply_j_k
    a[:, 0, 1] = keep * total_w_k / law.supply_j_k
    b[:, 0, k + 1] = take * total_w_k / law.supply_j_k
    a[:, 1, 1] = -total_w_k / law.return_j_k
    b[:, 1, k] = 1.0 / law.return_j_k
    for j in range(k):
        coolant, chips = 2 + 2 * j, 3 + 2 * j
        a[:, 1, coolant] = law.n_racks[:, j] * law.flow_w_k[:, j] / law.return_j_k
        a[:, coolant, 0] = law.flow_w_k[:, j] / law.coolant_j_k[:, j]
        a[:, coolant, coolant] = -(law.flow_w_k[:, j] + law.plate_w_k[:, j]) / law.coolant_j_k[:, j]
        a[:, coolant, chips] = law.plate_w_k[:, j] / law.coolant_j_k[:, j]
        a[:, chips, coolant] = law.plate_w_k[:, j] / law.plate_j_k[:, j]
        a[:, chips, chips] = -law.plate_w_k[:, j] / law.plate_j_k[:, j]
        b[:, chips, j] = 1.0 / law.plate_j_k[:, j]
    return a, b


def rack_rates(law: LoopLaw) -> tuple[FloatArray, FloatArray]:
    """Matrices of how one rack differs from the mean of its kind, (n, k, 2, 2) and (n, k, 2, 1).

    Coolant and chips less those of the mean; the input is its heat less the mean heat. The supply is common to all,
    so differences obey the equations of a rack with a supply of zero.
    """
    n, k = law.n_racks.shape
    a, b = np.zeros((n, k, 2, 2)), np.zeros((n, k, 2, 1))
    a[..., 0, 0] = -(law.flow_w_k + law.plate_w_k) / law.coolant_j_k
    a[..., 0, 1] = law.plate_w_k / law.coolant_j_k
    a[..., 1, 0] = law.plate_w_k / law.plate_j_k
    a[..., 1, 1] = -law.plate_w_k / law.plate_j_k
    b[..., 1, 0] = 1.0 / law.plate_j_k
    return a, b


def exact_step(a: FloatArray, b: FloatArray, dt_s: float) -> FloatArray:
    """Matrices that carry [x; u] to [x after dt; mean x over dt] with u held, (..., 2s, s + m).

    exp of the system with its own integral: d/dt [x, y, u] = [A x + B u, x, 0], y = 0 at the start, mean = y / dt.
    Exact for any step. a: (..., s, s); b: (..., s, m); dt_s > 0.
    Source: Van Loan, IEEE Trans. Automatic Control 23 (1978) 395: integrals of matrix exponentials.

    >>> g = exact_step(np.array([[-0.1]]), np.array([[1.0]]), 10.0)  # after one time constant
    >>> round(float(g[0, 0]), 4), round(float(g[0, 1]), 4)  # what is left, and 63.2 % of the way to 10
    (0.3679, 6.3212)
    """
    from scipy.linalg import expm  # 0.2 s that a hall without coolant need not wait for

    s, m = b.shape[-2:]
    whole = np.zeros((*a.shape[:-2], 2 * s + m, 2 * s + m))
    whole[..., :s, :s], whole[..., :s, 2 * s :] = a * dt_s, b * dt_s
    whole[..., s : 2 * s, :s] = np.eye(s)
    carried = expm(whole)
    return np.asarray(np.delete(carried[..., : 2 * s, :], np.s_[s : 2 * s], axis=-1))


def steady_state(a: FloatArray, b: FloatArray, u: FloatArray) -> FloatArray:
    """Temperatures at which nothing changes any more, (n, s); a kind that is not there (a zero row) stays at 0.

    a: (n, s, s); b: (n, s, m); u: (n, m). Source: A x = -B u.
    """
    whole = a.copy()
    n, s = np.nonzero(~np.asarray(a.any(axis=2)))
    whole[n, s, s] = 1.0
    return np.asarray(np.linalg.solve(whole, -(b @ u[..., None]))[..., 0])
