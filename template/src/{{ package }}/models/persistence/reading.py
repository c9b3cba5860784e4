"""Reading of fitted pipelines that skops wrote, by a closed table of types."""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .archive import Archive
from .bounds import CHECKS
from .types import LOSS_TYPES, METRICS, PARTS, RENAMED, SEARCH_TREES, TYPES

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

PROTOCOL = 2  # the version of the format
NUMBERS = ("bool", "bool_", "float32", "float64", "int32", "int64", "uint8", "uint32", "uint64")
GENERATORS = (("numpy.random.mtrand", "RandomState"), ("numpy.random._generator", "Generator"))
KEYS: Mapping[tuple[str, str], Callable[[str], Any]] = {
    ("builtins", "str"): str,
    ("builtins", "int"): int,
    ("builtins", "float"): float,
    ("numpy", "int64"): lambda key: np.int64(int(key)),
    ("numpy", "float64"): lambda key: np.float64(float(key)),
}


class UnexpectedTypeError(ValueError):
    """A file would construct an object that no fitted pipeline contains there."""


def read(path: Path) -> "Pipeline":
    """Read a fitted pipeline; nothing is constructed that is not in the table, and no code runs.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is not such a file.
    """
    with Archive(path) as archive:
        try:
            root = archive.document("schema.json")
            if root["protocol"] != PROTOCOL:
                raise ValueError(f"it has protocol {root['protocol']}, not {PROTOCOL}")
            pipeline: Pipeline = _Reader(archive).read(root, "")
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError) as error:
            raise ValueError(f"its content is invalid: {error}") from error
        except RecursionError as error:
            raise ValueError("its content is nested too deeply") from error
    return pipeline


class _Reader:
    """Reads the nodes of a file: each names its loader, and a type by module and class."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._readers: Mapping[tuple[str, str, str], Callable[[Any, str], Any]] = {
            ("JsonNode", "builtins", "str"): lambda node, _: _scalar(node["content"]),
            ("ListNode", "builtins", "list"): self._items,
            ("TupleNode", "builtins", "tuple"): lambda *given: tuple(self._items(*given)),
            ("DictNode", "builtins", "dict"): self._mapping,
            ("NdArrayNode", "numpy", "ndarray"): self._array,
            ("DTypeNode", "numpy", "dtype"): self._dtype,
            ("TypeNode", "numpy", "float64"): lambda *_: np.float64,
            ("SliceNode", "builtins", "slice"): lambda node, _: _slice(**node["content"]),
            # Predictions draw no random numbers: the generators of a fit are not restored.
            ("RandomStateNode", *GENERATORS[0]): lambda *_: np.random.RandomState(0),
            ("RandomGeneratorNode", *GENERATORS[1]): lambda *_: np.random.default_rng(0),
        }

    def read(self, node: Any, owner: str) -> Any:
        """Return the value of a node.

        Args:
            node: The node.
            owner: The class of the object that holds it.
        """
        module, name = str(node["__module__"]), str(node["__class__"])
        type_ = (RENAMED.get(module, module), name)
        loader = str(node["__loader__"])
        if known := self._readers.get((loader, *type_)):
            return known(node, owner)
        if loader == "NdArrayNode" and module == "numpy" and name in NUMBERS:
            return np.dtype(name).type(self._archive.array(str(node["file"])).reshape(()))
        if name in PARTS.get(owner, ()):
            return self._object(node, loader, type_)
        raise UnexpectedTypeError(f"{module}.{name}")

    def _object(self, node: Any, loader: str, type_: tuple[str, str]) -> Any:
        """Return an object of scikit-learn."""
        if loader == "LossNode" and type_ in LOSS_TYPES:
            arguments = self._plain(node["__reduce__"]["args"], tuple)
            return _class(type_)(*(float(each) for each in arguments))
        if loader == "TreeNode" and type_ == ("sklearn.tree._tree", "Tree"):
            arguments = self._plain(node["__reduce__"]["args"], tuple)
            state = self._plain(node["content"], dict)
            CHECKS["Tree"]((*arguments, state))
            tree = _class(type_)(*arguments)
            tree.__setstate__(state)
            return tree
        if loader == "ObjectNode" and type_ in SEARCH_TREES:
            return self._search_tree(node, type_)
        if loader != "ObjectNode" or type_ not in TYPES:
            raise UnexpectedTypeError(".".join(type_))
        class_ = _class(type_)
        instance = class_.__new__(class_)
        if (state := self.read(node["content"], type_[1])) is not None:
            _check_names(class_, state)
            if hasattr(instance, "__setstate__"):
                instance.__setstate__(state)
            else:
                vars(instance).update(state)
        if check := CHECKS.get(type_[1]):
            check(instance)
        return instance

    def _search_tree(self, node: Any, type_: tuple[str, str]) -> Any:
        """Build a search tree from its points, its leaf size and its metric."""
        from sklearn.metrics import DistanceMetric

        points, _, _, _, leaf_size, *_, metric, _ = node["content"]["content"]
        if metric["__class__"] not in METRICS:
            raise UnexpectedTypeError(f"{metric['__module__']}.{metric['__class__']}")
        name = METRICS[metric["__class__"]]
        power = self._plain(metric["content"]["content"][0], float)
        distance = DistanceMetric.get_metric(name, **({"p": power} if name == "minkowski" else {}))
        return _class(type_)(
            self._plain(points, np.ndarray), self._plain(leaf_size, int), metric=distance
        )

    def _plain(self, node: Any, expected: type) -> Any:
        """Return a value that holds no objects, of some type."""
        value = self.read(node, "plain values")
        if not isinstance(value, expected):
            raise TypeError(f"{type(value).__name__} instead of {expected.__name__}")
        return value

    def _items(self, node: Any, owner: str) -> list[Any]:
        return [self.read(each, owner) for each in node["content"]]

    def _mapping(self, node: Any, owner: str) -> dict[Any, Any]:
        stated = node["key_types"]["content"]
        kinds = [KEYS[each["__module__"], each["__class__"]] for each in stated]
        items = node["content"].items()
        pairs = zip(kinds, items, strict=True)
        return {kind(key): self.read(value, owner) for kind, (key, value) in pairs}

    def _array(self, node: Any, owner: str) -> NDArray[Any]:
        if node["type"] == "numpy":
            return self._archive.array(str(node["file"]))
        return _filled(self._items(node, owner), self._plain(node["shape"], tuple))

    def _dtype(self, node: Any, owner: str) -> np.dtype[Any]:
        del owner
        found: np.dtype[Any] = self._plain(node["content"], np.ndarray).dtype
        return found


def _filled(values: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array of objects from nested lists."""
    for _ in shape[1:]:
        values = [each for several in values for each in several]
    array = np.empty(len(values), dtype=object)
    for at, each in enumerate(values):
        array[at] = each
    return array.reshape(shape)


def _scalar(text: str) -> str | float | bool | None:
    """Return text, a number, a boolean or null in JSON."""
    value = json.loads(text)
    if isinstance(value, list | dict):
        raise TypeError("a container where a scalar is expected")
    return value  # type: ignore[no-any-return]


def _slice(start: object, stop: object, step: object) -> slice:
    """Return a slice, whose bounds are numbers."""
    if any(type(each) not in {int, type(None)} for each in (start, stop, step)):
        raise TypeError("a bound of a slice is not an integer")
    return slice(start, stop, step)


def _class(type_: tuple[str, str]) -> Any:
    module, name = type_
    return getattr(import_module(module), name)


def _check_names(class_: type, state: dict[str, Any]) -> None:
    """Check that no attribute of an object replaces a method or a property of its class."""
    for name in state:
        found = getattr(class_, name, None)
        if name.startswith("__") or callable(found) or hasattr(found, "__get__"):
            raise ValueError(f"'{name}' would replace that of {class_.__name__}")
