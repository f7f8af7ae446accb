"""PayPal's own OpenAPI documents, and what they say against a request or an answer."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.services import REAL_FILES

FOLDER = REAL_FILES / "paypal"
NAMES = ("checkout_orders_v2", "payments_payment_v2", "notifications_webhooks_v1")


class Documents:
    def __init__(self, documents: dict[str, dict[str, Any]]) -> None:
        self.registry = Registry().with_resources(
            (f"urn:{name}", Resource(contents=document, specification=DRAFT4))
            for name, document in documents.items()
        )
        self.operations = [
            (method, re.compile(re.sub(r"\{\w+\}", "([^/]+)", path) + "$"), name, operation)
            for name, document in documents.items()
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if isinstance(operation, dict) and "responses" in operation
        ]
        self.documents = documents

    def against_request(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> list[str]:
        found = self._operation(method, path)
        if not found:
            return [f"{method} {path}: PayPal has no such address"]
        name, operation, values = found
        problems = []
        for reference in operation.get("parameters", ()):
            parameter = self._resolved(name, reference)
            value = values if parameter["in"] == "path" else headers.get(parameter["name"].lower())
            if value is not None:
                problems += self._problems(name, parameter["schema"], value)
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            problems += self._problems(name, schema, body)
        elif body is not None:
            problems.append("a body where none belongs")
        return [f"{method} {path}: {problem}" for problem in problems]

    def against_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        found = self._operation(method, path)
        if not found:
            return []
        name, operation, _ = found
        answers = operation["responses"]
        answer = self._resolved(name, answers.get(str(status)) or answers["default"])
        schema = answer["content"]["application/json"]["schema"]
        return [f"{method} {path} -> {status}: {it}" for it in self._problems(name, schema, body)]

    def _operation(self, method: str, path: str) -> tuple[str, dict[str, Any], str] | None:
        for its_method, pattern, name, operation in self.operations:
            if its_method == method.lower() and (match := pattern.match(path)):
                return name, operation, "".join(match.groups())
        return None

    def _resolved(self, name: str, thing: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in thing:
            return thing
        return self.registry.resolver(f"urn:{name}").lookup(thing["$ref"]).contents

    def _problems(self, name: str, schema: dict[str, Any], value: Any) -> list[str]:
        # References of a schema are relative to its document.
        absolute = json.loads(json.dumps(schema).replace('"#/', f'"urn:{name}#/'))
        validator = Draft4Validator(absolute, registry=self.registry)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@cache
def documents() -> Documents | None:
    """None where the folder is absent: nothing is checked then."""
    if not FOLDER.is_dir():
        return None
    return Documents({name: json.loads((FOLDER / f"{name}.json").read_text()) for name in NAMES})
