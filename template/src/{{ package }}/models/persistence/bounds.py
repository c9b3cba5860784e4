"""Bounds of fitted structures that compiled code reads without checks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bounds import require, within


def _check_nodes(
    nodes: NDArray[Any],
    inner: NDArray[np.bool_],
    children: Iterable[str],
    feature: str,
    features: int,
) -> None:
    """Check that children follow their parents, and that features exist."""
    positions = np.flatnonzero(inner)
    for name in children:
        child = nodes[name][inner].astype(np.int64)
        require(holds=bool(((child > positions) & (child < nodes.size)).all()), what="a child")
    used = nodes[feature][inner]
    require(holds=within(used, features), what="a feature of a node")


def _tree(parts: Any) -> None:
    """Check the parts of a decision tree, before it is constructed."""
    features, classes, outputs, state = parts
    nodes = state["nodes"]
    known = nodes.ndim == 1 and nodes.size == state["node_count"] > 0
    require(holds=known, what="the number of nodes")
    require(holds=0 <= state["max_depth"] < nodes.size, what="the depth")
    require(holds=outputs == 1 and classes.shape == (1,) and classes[0] > 0, what="the outputs")
    inner = nodes["left_child"] != -1
    _check_nodes(nodes, inner, ("left_child", "right_child"), "feature", features)


def _decision_tree(estimator: Any) -> None:
    if hasattr(estimator, "tree_"):  # an ensemble also holds one that is not fitted
        known = estimator.tree_.n_features == estimator.n_features_in_
        require(holds=known, what="the number of features")


def _forest(estimator: Any) -> None:
    for each in estimator.estimators_:
        known = each.n_features_in_ == estimator.n_features_in_
        require(holds=known, what="the number of features of a tree")


def _boosting(estimator: Any) -> None:
    trees, classes = estimator.estimators_, len(getattr(estimator, "classes_", ()))
    width = classes if classes > 2 else 1  # noqa: PLR2004  (two classes need one tree)
    known = trees.ndim == 2 and trees.shape[1] == width  # noqa: PLR2004  (rounds and classes)
    require(holds=known and estimator.n_trees_per_iteration_ == width, what="the number of trees")
    for each in trees.ravel():
        known = each.n_features_in_ == estimator.n_features_in_
        require(holds=known, what="the number of features of a tree")


def _histogram_boosting(estimator: Any) -> None:
    for each in (tree for several in estimator._predictors for tree in several):
        nodes = each.nodes
        require(holds=nodes.ndim == 1 and nodes.size > 0, what="the number of nodes")
        require(holds=not nodes["is_categorical"].any(), what="a categorical split")
        inner = nodes["is_leaf"] == 0
        _check_nodes(nodes, inner, ("left", "right"), "feature_idx", estimator.n_features_in_)


def _vectors(estimator: Any) -> None:
    """Check the support vectors of a machine, whose arrays belong together."""
    vectors, counts = estimator.support_vectors_, estimator._n_support
    total, several = len(vectors), counts.size
    pairs = several * (several - 1) // 2
    classifies = hasattr(estimator, "classes_")
    known = (
        vectors.ndim == 2  # noqa: PLR2004  (vectors and features)
        and vectors.shape[1] == estimator.n_features_in_ == estimator.shape_fit_[1]
        and estimator.support_.shape == (total,)
        and several >= 2  # noqa: PLR2004  (classes)
        and (counts >= 0).all()
        and (not classifies or (counts.sum() == total and several == estimator.classes_.size))
        and estimator._dual_coef_.shape == (several - 1 if classifies else 1, total)
        and estimator._intercept_.shape == (pairs,)
        and all(each.size in {0, pairs} for each in (estimator._probA, estimator._probB))
    )
    require(holds=bool(known), what="the number of support vectors")


_OWNERS: Mapping[Callable[[Any], None], str] = {
    _tree: "Tree",
    _decision_tree: "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier"
    " ExtraTreeRegressor",
    _forest: "ExtraTreesClassifier ExtraTreesRegressor RandomForestClassifier"
    " RandomForestRegressor",
    _boosting: "GradientBoostingClassifier GradientBoostingRegressor",
    _histogram_boosting: "HistGradientBoostingClassifier HistGradientBoostingRegressor",
    _vectors: "NuSVC NuSVR SVC SVR",
}
CHECKS = {name: check for check, names in _OWNERS.items() for name in names.split()}
