"""Checks of XGBoost's model files, which the library itself reads without checking bounds.

https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
"""

from typing import Any

import numpy as np

from ..bounds import require, within
from ..ubjson import decoded

CATEGORIES = 1 << 24  # of a feature, at most
LEAF = -1

NAMES = {
    "learner": "attributes feature_names feature_types gradient_booster learner_model_param"
    " objective",
    "learner_model_param": "base_score boost_from_average num_class num_feature num_target",
    "gbtree": "model name",
    "dart": "gbtree name weight_drop",
    "model": "gbtree_model_param iteration_indptr tree_info trees",
    "gbtree_model_param": "num_parallel_tree num_trees",
    "cats": "enc feature_segments sorted_idx",
    "tree": "base_weights categories categories_nodes categories_segments categories_sizes"
    " default_left id left_children loss_changes parents right_children split_conditions"
    " split_indices split_type sum_hessian tree_param",
    "tree_param": "num_deleted num_feature num_nodes size_leaf_vector",
}
OPTIONAL = {"cats", "boost_from_average"}  # older versions do not write them
OBJECTIVES = {
    "reg_loss_param": "reg:squarederror reg:linear reg:logistic reg:gamma binary:logistic"
    " binary:logitraw",
    "pseudo_huber_param": "reg:pseudohubererror",
    "quantile_loss_param": "reg:quantileerror",
    "poisson_regression_param": "count:poisson",
    "tweedie_regression_param": "reg:tweedie",
    "aft_loss_param": "survival:aft",
    "lambdarank_param": "rank:ndcg rank:map rank:pairwise",
    "softmax_multiclass_param": "multi:softprob multi:softmax",
}
FIELDS = {  # the types of the arrays of a tree, with a value for each node
    "f": ("base_weights", "loss_changes", "split_conditions", "sum_hessian"),
    "i": ("left_children", "parents", "right_children", "split_indices"),
    "u": ("default_left", "split_type"),
}


def check(content: bytes, features: int, classes: int) -> None:
    """Check that a file is a model of a problem, whose trees stay within their bounds.

    Args:
        content: The file, in Universal Binary JSON.
        features: The number of features.
        classes: The number of classes, or 0 for a regression.

    Raises:
        ValueError: If it is not.
    """
    try:
        _check_learner(decoded(content)["learner"], features, classes)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"its content is invalid: {error!r}") from error


def _number(text: str) -> int:
    """Return a number in the one form that XGBoost writes; it reads others in its own way."""
    require(holds=str(int(text)) == text, what="a number")
    return int(text)


def _check_names(found: Any, what: str) -> None:
    """Check that an object has the names that XGBoost writes: it does not check itself."""
    names = set(NAMES[what].split())
    require(holds=set(found) | OPTIONAL == names | OPTIONAL, what=f"a name in {what}")


def _check_objective(objective: Any) -> None:
    """Check that an objective has its parameters, which are text."""
    name = objective["name"]
    stated = [each for each, names in OBJECTIVES.items() if name in names.split()]
    require(holds=set(objective) == {"name", *stated}, what="the objective")
    for each in stated:
        known = [key for key, value in objective[each].items() if isinstance(value, str)]
        require(holds=set(known) == set(objective[each]), what=each)


def _check_learner(learner: Any, features: int, classes: int) -> None:
    """Check the names and the sizes of a model, and its trees."""
    _check_names(learner, "learner")
    stated, objective = learner["learner_model_param"], learner["objective"]
    _check_names(stated, "learner_model_param")
    _check_objective(objective)
    several = classes if classes > 2 else 0  # noqa: PLR2004  (two classes have one output)
    sizes = {"num_feature": features, "num_class": several, "num_target": 1}
    for name, size in sizes.items():
        require(holds=_number(stated[name]) == size, what=name)
    softmax = objective.get("softmax_multiclass_param")
    require(holds=bool(softmax) == bool(several), what="the objective")
    require(holds=not softmax or _number(softmax["num_class"]) == several, what="num_class")
    for name in ("feature_names", "feature_types"):
        require(holds=len(learner[name]) in {0, features}, what=name)
    booster = learner["gradient_booster"]
    dropped = booster["name"] == "dart"
    _check_names(booster, booster["name"])
    if dropped:
        _check_names(booster["gbtree"], "gbtree")
    model = (booster["gbtree"] if dropped else booster)["model"]
    _check_names(model, "model")
    _check_names(model["gbtree_model_param"], "gbtree_model_param")
    trees, groups = model["trees"], np.asarray(model["tree_info"], np.int64)
    rounds = np.asarray(model["iteration_indptr"], np.int64)
    require(holds=not dropped or len(booster["weight_drop"]) == len(trees), what="weight_drop")
    known = _number(model["gbtree_model_param"]["num_trees"]) == len(trees) == groups.size
    require(holds=known and within(groups, max(several, 1)), what="the number of trees")
    known = rounds.size > 0 and rounds[0] == 0 and rounds[-1] == len(trees)
    require(holds=known and bool((np.diff(rounds) >= 0).all()), what="iteration_indptr")
    if cats := model.get("cats"):
        _check_names(cats, "cats")
        require(holds=not any(map(len, cats.values())), what="cats")
    for tree in trees:
        _check_tree(tree, features)


def _check_tree(tree: Any, features: int) -> None:
    """Check that the nodes of a tree are one tree, and name features that exist."""
    _check_names(tree, "tree")
    _check_names(tree["tree_param"], "tree_param")
    count = _number(tree["tree_param"]["num_nodes"])
    for kind, names in FIELDS.items():
        for name in names:
            known = tree[name].shape == (count,) and tree[name].dtype.kind == kind
            require(holds=known and count > 0, what=name)
    param = tree["tree_param"]
    require(holds=_number(param["size_leaf_vector"]) in {0, 1}, what="size_leaf_vector")
    require(holds=_number(param["num_feature"]) == features, what="num_feature")
    left, right = (tree[name].astype(np.int64) for name in ("left_children", "right_children"))
    inner = left != LEAF
    require(holds=bool((inner == (right != LEAF)).all()), what="a child")
    seen, level = np.zeros(count, bool), np.zeros(1, np.int64)
    while level.size:
        seen[level] = True
        parents = level[inner[level]]
        require(holds=within(tree["split_indices"][parents], features), what="a split")
        children = np.concatenate([left[parents], right[parents]])
        fresh = within(children, count) and not seen[children].any()
        fresh = fresh and bool((tree["parents"][children] == np.tile(parents, 2)).all())
        require(holds=fresh and np.unique(children).size == children.size, what="a child")
        level = children
    _check_categories(tree, count)


def _check_categories(tree: Any, count: int) -> None:
    names = ("categories_nodes", "categories_segments", "categories_sizes", "categories")
    nodes, starts, sizes, values = (np.asarray(tree[name], np.int64) for name in names)
    types = tree["split_type"]
    require(holds=within(types, 2) and nodes.size <= count, what="split_type")
    require(holds=np.array_equal(np.flatnonzero(types == 1), nodes), what="categories_nodes")
    known = starts.shape == sizes.shape == nodes.shape
    known = known and within(starts, values.size + 1) and within(sizes, values.size + 1)
    require(holds=known and bool((starts + sizes <= values.size).all()), what="a segment")
    require(holds=within(values, CATEGORIES), what="a category")
