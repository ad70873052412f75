"""What every kind of field shares, and how a wrong value is told."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


class Wrong(Exception):
    """A value breaks its field's rule: a sentence, or sentences by path below the field."""

    def __init__(self, said: str | Mapping[str, list[str]]) -> None:
        super().__init__(str(said))
        self.errors: dict[str, list[str]] = {"": [said]} if isinstance(said, str) else dict(said)


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """What every kind shares. `required`: must be given, and not null, when a record is made."""

    required: bool = False
    doc: str = ""
    example: Any = None
    create_only: bool = False

    @abstractmethod
    def clean(self, value: Any) -> Any:
        """The value to keep. Raises Wrong."""

    @abstractmethod
    def kind(self) -> Schema:
        """The JSON Schema of a value that is not null."""

    def schema(self) -> Schema:
        """The JSON Schema of the field, null and documentation included."""
        schema = self.kind()
        if not self.required:
            if isinstance(schema.get("type"), str):
                schema["type"] = [schema["type"], "null"]
                if "enum" in schema:
                    schema["enum"] = [*schema["enum"], None]
            else:
                schema = {"anyOf": [schema, {"type": "null"}]}
        if self.doc:
            schema["description"] = self.doc
        if self.example is not None:
            schema["examples"] = [self.example]
        return schema
