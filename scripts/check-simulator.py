#!/usr/bin/env python3
"""Drives a running simulation and holds its routes, statuses and bodies against published API descriptions.

usage: check-simulator.py DESCRIPTIONS PLAN     drives the simulation that PLAN (JSON) names
       check-simulator.py DESCRIPTIONS RECORDS  reads what `dt-ci simulate --record RECORDS` has kept

DESCRIPTIONS holds <api>.json, OpenAPI 3 or Swagger 2. PLAN has "base", "routes" ({api: [[method, template]]}) and
"values", texts for the {names} of the steps below. Every route must be in its API's description and be answered with
success by a step; every answer must have a status and a body that the description knows. Needs jsonschema from PyPI.
"""
import base64, json, os, re, sys, urllib.error, urllib.request
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

WIDE = {  # parameters that hold slashes
    "path": ".+", "ref": ".+", "artifact_path": ".+", "job": "[^/]+(?:/job/[^/]+)*", "project-slug": "[^/]+/[^/]+/[^/]+",
}


def schema_of(node, azure, is_map=False):
    """OpenAPI's dialect as JSON Schema: nullable, and Azure's enumerations in any case and null for unset members."""
    if isinstance(node, list):
        return [schema_of(item, azure) for item in node]
    if not isinstance(node, dict):
        return node
    out = {k: schema_of(v, azure, not is_map and k in ("properties", "definitions", "schemas")) for k, v in node.items()}
    if is_map:
        return out
    if str(out.get("$ref", "")).startswith("#"):
        out["$ref"] = "urn:api" + out["$ref"]
    for bound in ("exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(out.get(bound), bool):
            del out[bound]
    if azure and isinstance(out.get("enum"), list):
        words = "|".join(re.escape(str(word)) for word in out["enum"])
        out = {"anyOf": [out, {"type": "integer"}, {"type": "string", "pattern": f"(?i)^({words})$"}]}
    if azure and isinstance(out.get("properties"), dict):
        out["properties"] = {k: {"anyOf": [v, {"type": "null"}]} for k, v in out["properties"].items()}
    if out.pop("nullable", False) or out.pop("x-nullable", False):
        out = {"anyOf": [out, {"type": "null"}]}
    return out


class Description:
    """One API as its makers describe it."""

    def __init__(self, api, folder):
        with open(os.path.join(folder, api + ".json")) as file:
            raw = json.load(file)
        self.is_azure = api == "azure"
        if api == "bitbucket":  # "type" is required on paper only
            for definition in raw.get("definitions", {}).values():
                for part in [definition] + definition.get("allOf", []):
                    if "type" in part.get("required", []):
                        part["required"] = [name for name in part["required"] if name != "type"]
        self.doc = schema_of(raw, api == "azure")
        self.registry = Registry().with_resource("urn:api", Resource.from_contents(self.doc, DRAFT202012))
        server = (raw.get("servers") or [{}])[0].get("url", "")
        prefix = raw.get("basePath", "") if "basePath" in raw else re.sub(r"^\w+://[^/]*", "", server)
        self.operations = []
        for template, item in raw["paths"].items():
            parts = re.split(r"(\{[^}]*\})", prefix.rstrip("/") + template)
            pattern = "".join(WIDE.get(p[1:-1], "[^/]+") if p.startswith("{") else re.escape(p) for p in parts)
            for method in item:
                if method in ("get", "put", "post", "patch", "delete"):
                    rank = (sum(name in WIDE for name in re.findall(r"\{([^}]*)\}", template)), template.count("{"))
                    rx = re.compile(f"^{pattern}/?$", re.I if api == "azure" else 0)
                    self.operations.append((rank, method.upper(), rx, self.doc["paths"][template][method]))
        self.operations.sort(key=lambda operation: operation[0])

    def find(self, method, path):
        return next((op for _, verb, rx, op in self.operations if verb == method and rx.match(path)), None)

    def deref(self, node):
        while "$ref" in node:
            at = self.doc
            for key in node["$ref"].split("#/")[1].split("/"):
                at = at[unquote(key).replace("~1", "/").replace("~0", "~")]
            node = at
        return node

    def is_list(self, schema):
        return self.deref(schema if "$ref" not in schema else {"$ref": schema["$ref"].replace("urn:api", "")}).get("type") == "array"

    def complaints(self, method, path, status, body):
        """What is wrong with an answer."""
        operation = self.find(method, path)
        if operation is None:
            return [f"{method} {path} is in no description"]
        responses = operation.get("responses", {})
        known = responses.get(str(status)) or responses.get(f"{str(status)[0]}XX") or responses.get("default")
        if known is None:  # errors are rarely listed one by one
            return [] if status >= 400 else [f"status {status} is none of {sorted(responses)}"]
        known = self.deref(known)
        content = known.get("content", {})
        schema = known.get("schema") or next((c.get("schema") for k, c in content.items() if "json" in k), None)
        if schema is None or status >= 400 or not isinstance(body, (dict, list)):
            return []
        if self.is_azure and isinstance(body, dict) and {"count", "value"} >= body.keys() and self.is_list(schema):
            body = body["value"]  # how lists travel there
        validator = Draft202012Validator(schema, registry=self.registry)
        return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(body)][:5]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


HEADERS = {
    "github": {"Authorization": "Bearer {forge}"}, "gitlab": {"PRIVATE-TOKEN": "{forge}"},
    "bitbucket": {"Authorization": "Bearer {forge}"}, "azure": {"Authorization": "Bearer {forge}"},
    "circleci": {"Circle-Token": "{service}"}, "travis": {"Authorization": "token {service}", "Travis-API-Version": "3"},
    "teamcity": {"Authorization": "Bearer {service}", "Accept": "application/json"}, "jenkins": {},
}
G, P = "/repos/{owner}/{name}", "/api/v4/projects/{owner}%2F{name}"
B, BB = "/2.0/repositories/{owner}/{name}", "/2.0/repositories/{owner}/{name}/commit/{sha}"
A, AG = "/acme/{owner}/_apis", "/acme/{owner}/_apis/git/repositories/{name}"
T, J = "/app/rest/builds/id:{run}", "/job/{name}/job/{branch}/{number}"
C = "/api/v2/project/gh/{owner}/{name}"
TEXT = "dGV4dA=="
# method, path, body (None, JSON, or text with its type), names for parts of the answer: {"id": "/value/0/id"}, with the
# status that is no success but right under "", and headers in place of the usual
STEPS = {
    "github": [
        ("GET", "/user", None), ("GET", "/rate_limit", None), ("GET", G, None),
        ("GET", G + "/pulls", None),
        ("POST", G + "/statuses/{sha}", {"state": "pending", "context": "c", "description": "d", "target_url": "https://example.org/y"}),
        ("GET", G + "/commits/{sha}/statuses", None),
        ("POST", G + "/issues/{pull}/comments", {"body": "hello"}, {"comment": "/id"}),
        ("GET", G + "/issues/{pull}/comments", None), ("PATCH", G + "/issues/comments/{comment}", {"body": "other"}),
        ("DELETE", G + "/issues/comments/{comment}", None),
        ("POST", G + "/check-runs", {"name": "n", "head_sha": "{sha}", "status": "in_progress"}, {"check": "/id"}),
        ("PATCH", G + "/check-runs/{check}", {"conclusion": "failure", "status": "completed", "output": {
            "title": "t", "summary": "s", "annotations": [{"path": "a.py", "start_line": 3, "end_line": 3,
            "annotation_level": "failure", "message": "m", "title": "t"}]}}),
        ("GET", G + "/check-runs/{check}", None), ("GET", G + "/check-runs/{check}/annotations", None),
        ("GET", G + "/commits/{sha}/check-runs", None),
        ("POST", G + "/git/blobs", {"content": "text", "encoding": "utf-8"}, {"blob": "/sha"}),
        ("POST", G + "/git/trees", {"tree": [{"path": "b.svg", "mode": "100644", "type": "blob", "sha": "{blob}"}]}, {"tree": "/sha"}),
        ("POST", G + "/git/commits", {"message": "m", "tree": "{tree}", "parents": []}, {"commit": "/sha"}),
        ("POST", G + "/git/refs", {"ref": "refs/heads/badges", "sha": "{commit}"}),
        ("GET", G + "/git/ref/heads/badges", None),
        ("POST", G + "/git/trees", {"base_tree": "{commit}", "tree": [{"path": "d.svg", "mode": "100644", "type": "blob",
            "content": "<svg/>"}]}, {"tree": "/sha"}),
        ("POST", G + "/git/commits", {"message": "n", "tree": "{tree}", "parents": ["{commit}"]}, {"commit": "/sha"}),
        ("PATCH", G + "/git/refs/heads/badges", {"sha": "{commit}", "force": False}),
        ("PUT", G + "/contents/c.svg", {"message": "m", "content": TEXT, "branch": "badges"}),
        ("GET", G + "/contents/c.svg?ref=badges", None),
        ("GET", "/gists/{gist}", None), ("PATCH", "/gists/{gist}", {"files": {"a.txt": {"content": "x"}}}),
    ],
    "gitlab": [
        ("GET", "/api/v4/user", None), ("GET", "/api/v4/metadata", None), ("GET", P + "/pipelines/latest?ref={sourceBranch}", None),
        ("POST", P + "/statuses/{sha}", {"state": "pending", "name": "n", "description": "d", "target_url": "https://example.org/y"}),
        ("GET", P + "/repository/commits/{sha}/statuses", None),
        ("POST", P + "/merge_requests/{pull}/notes", {"body": "hello"}, {"note": "/id"}),
        ("GET", P + "/merge_requests/{pull}/notes", None),
        ("PUT", P + "/merge_requests/{pull}/notes/{note}", {"body": "other"}),
        ("DELETE", P + "/merge_requests/{pull}/notes/{note}", None),
        ("PUT", P + "/packages/generic/n/1.0/a.xml", ("text/xml", "<a/>")),
        ("PUT", P + "/packages/generic/n/1.0/b.xml?select=package_file", ("text/xml", "<a/>")),
        ("GET", P + "/packages/generic/n/1.0/a.xml", None),
        ("POST", P + "/repository/files/b.svg", {"branch": "badges", "start_branch": "main", "content": TEXT,
            "encoding": "base64", "commit_message": "m"}),
        ("PUT", P + "/repository/files/b.svg", {"branch": "badges", "content": TEXT, "encoding": "base64", "commit_message": "m"}),
        ("GET", P + "/repository/files/b.svg?ref=badges", None),
        ("POST", P + "/badges", {"link_url": "https://example.org/y", "image_url": "https://x/b.svg", "name": "dt-ci"}, {"badge": "/id"}),
        ("GET", P + "/badges", None),
        ("PUT", P + "/badges/{badge}", {"link_url": "https://example.org/y", "image_url": "https://x/c.svg"}),
        ("GET", "/api/v4/job", None, {}, {"JOB-TOKEN": "{job}"}),
    ],
    "bitbucket": [
        ("GET", "/2.0/user", None), ("GET", B, None),
        ("POST", BB + "/statuses/build", {"key": "k", "state": "INPROGRESS", "url": "https://example.org/y", "name": "n"}),
        ("PUT", BB + "/statuses/build/k", {"key": "k", "state": "SUCCESSFUL", "url": "https://example.org/y", "name": "n"}),
        ("GET", BB + "/statuses/build/k", None), ("GET", BB + "/statuses", None),
        ("PUT", BB + "/reports/dt-ci", {"title": "t", "details": "d", "report_type": "TEST", "result": "FAILED",
            "data": [{"title": "n", "type": "NUMBER", "value": 3}]}),
        ("GET", BB + "/reports/dt-ci", None),
        ("POST", BB + "/reports/dt-ci/annotations", [{"external_id": "a1", "annotation_type": "BUG", "summary": "s",
            "path": "a.py", "line": 3, "severity": "HIGH", "result": "FAILED"}]),
        ("GET", BB + "/reports/dt-ci/annotations", None), ("DELETE", BB + "/reports/dt-ci", None),
        ("POST", B + "/pullrequests/{pull}/comments", {"content": {"raw": "hello"}}, {"comment": "/id"}),
        ("GET", B + "/pullrequests/{pull}/comments", None), ("GET", B + "/pullrequests/{pull}/comments/{comment}", None),
        ("PUT", B + "/pullrequests/{pull}/comments/{comment}", {"content": {"raw": "other"}}),
        ("DELETE", B + "/pullrequests/{pull}/comments/{comment}", None),
        ("POST", B + "/downloads", ("multipart/form-data; boundary=XX",
            '--XX\r\nContent-Disposition: form-data; name="files"; filename="a.xml"\r\n\r\n<a/>\r\n--XX--\r\n')),
        ("GET", B + "/downloads", None), ("GET", B + "/downloads/a.xml", None, {"": 302}),
        ("DELETE", B + "/downloads/a.xml", None),
    ],
    "azure": [
        ("POST", AG + "/commits/{sha}/statuses", {"state": "succeeded", "description": "d", "targetUrl": "https://example.org/y",
            "context": {"name": "n", "genre": "dt-ci"}}),
        ("GET", AG + "/commits/{sha}/statuses", None),
        ("POST", AG + "/pullRequests/{pull}/statuses", {"state": "succeeded", "description": "d", "context": {"name": "n", "genre": "g"}}),
        ("GET", AG + "/pullRequests/{pull}/statuses", None), ("GET", AG + "/pullRequests/{pull}/iterations", None),
        ("GET", AG + "/pullrequests/{pull}", None),
        ("POST", AG + "/pullRequests/{pull}/threads", {"comments": [{"parentCommentId": 0, "content": "hello", "commentType": 1}],
            "status": 1}, {"thread": "/id"}),
        ("GET", AG + "/pullRequests/{pull}/threads", None),
        ("PATCH", AG + "/pullRequests/{pull}/threads/{thread}", {"status": "closed"}),
        ("PATCH", AG + "/pullRequests/{pull}/threads/{thread}/comments/1", {"content": "other"}),
        ("DELETE", AG + "/pullRequests/{pull}/threads/{thread}/comments/1", None),
        ("GET", AG + "/refs?filter=heads/main", None, {"tip": "/value/0/objectId"}),
        ("POST", AG + "/pushes", {"refUpdates": [{"name": "refs/heads/badges", "oldObjectId": "0" * 40}], "commits": [{
            "comment": "m", "changes": [{"changeType": "add", "item": {"path": "/b.svg"},
            "newContent": {"content": TEXT, "contentType": "base64encoded"}}], "parents": ["{tip}"]}]}),
        ("GET", AG + "/items?scopePath=/b.svg&versionDescriptor.version=badges&versionDescriptor.versionType=branch", None),
        ("POST", A + "/test/runs", {"name": "n", "automated": True, "build": {"id": "{run}"}, "state": "InProgress"}, {"test": "/id"}),
        ("GET", A + "/test/runs", None),
        ("POST", A + "/test/Runs/{test}/results", [{"testCaseTitle": "t", "automatedTestName": "a.t", "outcome": "Failed",
            "state": "Completed", "durationInMs": 5, "errorMessage": "e"}], {"result": "/value/0/id"}),
        ("GET", A + "/test/Runs/{test}/results", None),
        ("POST", A + "/test/Runs/{test}/attachments", {"stream": TEXT, "fileName": "a.xml", "attachmentType": "GeneralAttachment"}),
        ("GET", A + "/test/Runs/{test}/attachments", None),
        ("POST", A + "/test/Runs/{test}/Results/{result}/attachments", {"stream": TEXT, "fileName": "b.txt"}),
        ("GET", A + "/test/Runs/{test}/Results/{result}/attachments", None),
        ("PATCH", A + "/test/runs/{test}", {"state": "Completed"}),
        ("GET", A + "/build/builds/{run}", None), ("PUT", A + "/build/builds/{run}/tags/flaky", None),
        ("GET", A + "/build/builds/{run}/tags", None), ("GET", A + "/build/builds/{run}/artifacts", None),
        ("POST", A + "/build/builds/{run}/artifacts", {"name": "shots", "resource": {"type": "Container", "data": "#/18204/shots",
            "properties": {"artifactsize": "5"}}}),
        ("GET", A + "/build/builds/{run}/timeline/96ac2280-8cb4-5df5-99de-dd2da759617d", None),
        ("GET", A + "/build/builds/{run}/logs", None, {"log": "/value/0/id"}), ("GET", A + "/build/builds/{run}/logs/{log}", None),
    ],
    "jenkins": [
        ("GET", "/crumbIssuer/api/json", None), ("GET", J + "/api/json", None),
        ("POST", J + "/submitDescription", ("application/x-www-form-urlencoded", "description=hello")),
        ("GET", J + "/testReport/api/json", None), ("GET", J + "/logText/progressiveText?start=0", None),
        ("POST", "/job/{name}/job/{branch}/build", None), ("POST", "/job/{name}/job/{branch}/buildWithParameters", None, {"": 400}),  # it has none
    ],
    "circleci": [
        ("GET", "/api/v2/me", None), ("GET", C, None), ("GET", C + "/{number}/tests", None),
        ("GET", C + "/{number}/artifacts", None), ("GET", "/api/v2/workflow/{workflow}/job", None),
        ("POST", "/api/v2/workflow/{workflow}/rerun", {"from_failed": False}),
        ("GET", "/api/v2/insights/gh/{owner}/{name}/flaky-tests", None),
    ],
    "teamcity": [
        ("GET", T, None), ("PUT", T + "/statusText", ("text/plain", "hello")), ("PUT", T + "/comment", ("text/plain", "hello")),
        ("POST", T + "/tags", {"tag": [{"name": "flaky"}]}), ("GET", T + "/tags", None),
        ("POST", T + "/problemOccurrences", ("text/plain", "two failed")), ("GET", T + "/problemOccurrences", None),
        ("GET", T + "/artifacts", None), ("GET", "/app/rest/testOccurrences?locator=build:(id:{run})", None),
        ("POST", "/app/rest/buildQueue", {"buildType": {"id": "Widgets_Test"}}),
    ],
    "travis": [
        ("GET", "/build/{run}", None), ("GET", "/build/{run}/jobs", None), ("GET", "/job/{jobid}/log.txt", None),
        ("POST", "/build/{run}/restart", None, {"": 409}), ("POST", "/job/{otherJob}/restart", None),
    ],
}


def filled(node, values):
    if isinstance(node, str):
        for name, value in values.items():
            node = node.replace("{" + name + "}", str(value))
        return node
    if isinstance(node, dict):
        return {key: filled(value, values) for key, value in node.items()}
    return [filled(item, values) for item in node] if isinstance(node, list) else node


def picked(body, pointer):
    for key in pointer.strip("/").split("/"):
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def send(method, url, body, headers):
    """Status and body of one exchange; redirects are answers."""
    data = None
    if isinstance(body, tuple):
        headers, data = {**headers, "Content-Type": body[0]}, body[1].encode()
    elif body is not None:
        headers, data = {**headers, "Content-Type": "application/json"}, json.dumps(body).encode()
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(urllib.request.Request(url, data, headers, method=method), timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, text.decode(errors="replace")


def segments_match(template, path):
    pattern = "".join(".+" if p.endswith("...}") else "[^/]+" if p.startswith("{") else re.escape(p)
                      for p in re.split(r"(\{[^}]*\})", template))
    return re.match(f"^{pattern}$", path)


def drive(api, description, plan):
    """Complaints about one API."""
    values, left, complaints = dict(plan["values"]), [tuple(route) for route in plan["routes"][api]], []
    for step in STEPS[api]:
        method, path, body, names, own = (*step, None, None)[:5]
        path, body = filled(path, values), body if isinstance(body, tuple) else filled(body, values)
        headers = filled(own or HEADERS[api], values)
        if api == "jenkins":
            headers["Authorization"] = basic(values["actor"], values["service"])
            if method == "POST":  # the crumb is good with its session only
                request = urllib.request.Request(f"{plan['base']}/jenkins/crumbIssuer/api/json", headers=headers)
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                    crumb = json.load(answer)
                    headers |= {crumb["crumbRequestField"]: crumb["crumb"], "Cookie": answer.headers["Set-Cookie"].split(";")[0]}
        if api == "azure":
            path += ("&" if "?" in path else "?") + "api-version=7.1"
        status, answer = send(method, f"{plan['base']}/{api}{path}", body, headers)
        plain = path.split("?")[0]
        where = f"{api}: {method} {plain} -> {status}"
        complaints += [f"{where}: {text}" for text in description.complaints(method, plain, status, answer)]
        if status == (names or {}).get("", status if status < 400 else None):
            hit = next((r for r in left if r[0] == method and segments_match(r[1], plain)), None)
            if hit:
                left.remove(hit)
        else:
            complaints.append(f"{where}: no success: {str(answer)[:200]}")
        for name, pointer in ((n, p) for n, p in (names or {}).items() if n):
            try:
                values[name] = picked(answer, pointer)
            except (KeyError, IndexError, TypeError, ValueError):
                complaints.append(f"{where}: nothing at {pointer}")
    return complaints + [f"{api}: no step reaches {method} {template}" for method, template in left]


def main(folder, subject):
    if os.path.isdir(subject):
        complaints, count, known = [], 0, {}
        for name in sorted(os.listdir(subject)):
            with open(os.path.join(subject, name)) as file:
                exchange = json.load(file)
            api = exchange["api"]
            if exchange["fault"] or api not in STEPS:
                continue
            description = known.setdefault(api, Description(api, folder))
            request, answer = exchange["request"], exchange["answer"]
            count += 1
            complaints += [f"{name}: {text}" for text in description.complaints(
                request["method"], request["path"], answer["status"], answer["body"])]
    else:
        with open(subject) as file:
            plan = json.load(file)
        complaints, count = [], sum(len(STEPS[api]) for api in plan["routes"])
        for api in plan["routes"]:
            complaints += drive(api, Description(api, folder), plan)
    print("\n".join(complaints + [f"{count} exchanges, {len(complaints)} complaints"]))
    return 1 if complaints or not count else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
