"""Checks of LightGBM's model files, which the library itself reads without checking bounds.

A file is text: lines `NAME=VALUE` about the model, and then about each tree. At its end are
settings that predictions do not need.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bounds import require, within

SIZES = "num_class num_tree_per_iteration max_feature_idx label_index"
HEAD = f"""version {SIZES} objective average_output feature_names monotone_constraints
    feature_infos tree_sizes"""
REGRESSIONS = "regression regression_l1 huber fair poisson quantile gamma tweedie"
REGRESSIONS += " mape"  # codespell:ignore

# What is stated about a tree, and its type: for each leaf, for each inner node, and other values.
LEAVES = {"leaf_value": "f8", "leaf_weight": "f8", "leaf_count": "i4"}
NODES = {
    "split_feature": "i4",
    "split_gain": "f8",
    "threshold": "f8",
    "decision_type": "i1",
    "left_child": "i4",
    "right_child": "i4",
    "internal_value": "f8",
    "internal_weight": "f8",
    "internal_count": "i4",
}
CATEGORIES = {"cat_boundaries": "i4", "cat_threshold": "u4"}
LINEAR = {
    "leaf_const": "f8",
    "num_features": "i4",
    "leaf_features": "i4",
    "leaf_coeff": "f8",
}
NUMBERS = {"num_leaves": "i4", "num_cat": "i4", "is_linear": "i1"}
TREE = LEAVES | NODES | CATEGORIES | LINEAR | NUMBERS | {"shrinkage": "f8"}
CATEGORICAL = 1  # a bit of `decision_type`

# Of all that Python takes for numbers and lines, only the forms that LightGBM writes.
PLAIN = re.compile(r"[\n -~]*")
PLAIN_NUMBERS = re.compile(r"[-+.0-9a-z ]*")

Arrays = Mapping[str, NDArray[Any]]


def checked(content: bytes, features: int, classes: int) -> str:
    """Return the model of a file, which is one of a problem, with trees within their bounds.

    Args:
        content: The file.
        features: The number of features.
        classes: The number of classes, or 0 for a regression.

    Raises:
        ValueError: If it is not.
    """
    text = content.decode().partition("\nend of trees\n")[0]
    require(holds=bool(PLAIN.fullmatch(text)), what="a character")
    first, *blocks = [block.strip("\n") for block in text.split("\n\n") if block.strip("\n")]
    head = _stated(first.removeprefix("tree\n"), HEAD.split())
    try:
        _check_head(head, features, classes, len(blocks))
        for at, block in enumerate(blocks):
            name, _, rest = block.partition("\n")
            require(holds=name == f"Tree={at}", what="the number of a tree")
            _check_tree(_arrays(_stated(rest, TREE)), features)
    except (KeyError, OverflowError) as error:
        raise ValueError(f"its content is invalid: {error!r}") from error
    trees = [f"{block}\n\n\n" for block in blocks]
    head["tree_sizes"] = " ".join(str(len(tree)) for tree in trees)
    lines = [f"{key}={value}" if value else key for key, value in head.items()]
    return "\n".join(["tree", *lines, "", "".join(trees) + "end of trees", ""])


def _stated(text: str, names: Iterable[str]) -> dict[str, str]:
    """Return the values of lines, each of which has a known name."""
    lines = [line.partition("=") for line in text.split("\n")]
    found = {name: value for name, _, value in lines}
    require(holds={*found} <= {*names} and len(found) == len(lines), what="a name")
    return found


def _check_head(head: Mapping[str, str], features: int, classes: int, trees: int) -> None:
    """Check the sizes of a model, and that its objective is one of the problem."""
    several = classes if classes > 2 else 1  # noqa: PLR2004  (two classes have one output)
    for name, size in zip(SIZES.split(), (several, several, features - 1, 0), strict=True):
        require(holds=head[name] == str(size), what=name)
    for name in ("feature_names", "feature_infos"):
        require(holds=len(head[name].split()) == features, what=name)
    require(holds=trees % several == 0, what="the number of trees")
    objective, *settings = head["objective"].split()
    if several > 1:
        known = [objective, *settings] == ["multiclass", f"num_class:{classes}"]
    else:
        known = objective in (["binary"] if classes else REGRESSIONS.split())
    require(holds=known, what="the objective")


def _arrays(stated: Mapping[str, str]) -> Arrays:
    """Return the numbers of a tree."""
    found = {}
    for name, value in stated.items():
        require(holds=bool(PLAIN_NUMBERS.fullmatch(value)), what=name)
        number = float if TREE[name] == "f8" else int
        found[name] = np.array([*map(number, value.split())], TREE[name])
    return found


def _check_tree(tree: Arrays, features: int) -> None:
    """Check that the nodes of a tree are one tree, and name features that exist."""
    count, categories, is_linear = (int(tree[name].item()) for name in NUMBERS)
    require(holds=count > 0 and tree["leaf_value"].size == count, what="the number of leaves")
    if count > 1:
        for name in LEAVES:
            require(holds=tree[name].size == count, what=name)
        for name in NODES:
            require(holds=tree[name].size == count - 1, what=name)
        require(holds=within(tree["split_feature"], features), what="a split")
        # Negative numbers are leaves. Each node but the first is the child of one.
        children = np.sort(np.concatenate([tree["left_child"], tree["right_child"]]))
        expected = np.concatenate([np.arange(-count, 0), np.arange(1, count - 1)])
        require(holds=np.array_equal(children, expected), what="a child")
        _check_categories(tree, categories)
    if is_linear:
        _check_linear(tree, count, features)


def _check_categories(tree: Arrays, count: int) -> None:
    """Check that the categories of splits are among those of the tree."""
    splits = tree["threshold"][(tree["decision_type"] & CATEGORICAL) > 0]
    require(holds=within(splits, count), what="a split")
    if count:
        bounds = tree["cat_boundaries"]
        known = bounds.size == count + 1 and bounds[0] == 0 and (np.diff(bounds) >= 0).all()
        known = known and bounds[-1] == tree["cat_threshold"].size
        require(holds=bool(known), what="cat_boundaries")


def _check_linear(tree: Arrays, count: int, features: int) -> None:
    """Check the linear models of leaves."""
    sizes = tree["num_features"]
    known = tree["leaf_const"].size == sizes.size == count and bool((sizes >= 0).all())
    require(holds=known, what="num_features")
    for name in ("leaf_features", "leaf_coeff"):
        require(holds=tree[name].size == int(sizes.sum()), what=name)
    require(holds=within(tree["leaf_features"], features), what="leaf_features")
