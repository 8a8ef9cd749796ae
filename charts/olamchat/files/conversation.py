"""A person's first minute: sign up, ask, read the answer as it is written; then delete the account. Standard library only.

Usage: python conversation.py http://address [seconds the answer may take]
OLAMCHAT_SMOKE_TEST_TOKEN lets it in, whoever else may sign up, and never as the administrator.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


def call(method, url, body=None, token=None):
    """Return the parsed answer of one request; a refusal is printed and ends the run."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {url}: {refused.code} {refused.read().decode(errors='replace')}")


def events(url, token, seconds):
    """Yield (event, data) of an event stream until the time is up."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}", "Accept": "text/event-stream"})
    deadline = time.monotonic() + seconds
    name, data = "message", ""
    with urllib.request.urlopen(request, timeout=60) as stream:
        for line in stream:
            if time.monotonic() > deadline:
                sys.exit(f"no answer within {seconds} s")
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data += value
            elif not field and data:
                yield name, json.loads(data)
                name, data = "message", ""


def main(base, seconds):
    """Go through it with an account of its own, which is deleted whatever happens."""
    person = {"email": f"{uuid.uuid4().hex}@smoke-test.invalid", "password": uuid.uuid4().hex}
    invitation = os.environ["OLAMCHAT_SMOKE_TEST_TOKEN"]
    signed_up = call("POST", f"{base}/api/auth/signup", {**person, "invitation": invitation, "tokens": True})
    token = signed_up["access_token"]
    print(f"signed up as {signed_up['user']['role']}")
    try:
        converse(base, token, seconds)
    finally:
        call("POST", f"{base}/api/auth/me/delete", person, token)
        print("deleted the account")


def converse(base, token, seconds):
    """Ask one question and say what was seen of its answer."""
    models = [model["name"] for model in call("GET", f"{base}/api/models", token=token)["items"]]
    print(f"models: {', '.join(models) or 'none'}")
    conversation = call("POST", f"{base}/api/conversations", {}, token)["id"]
    sent = call("POST", f"{base}/api/conversations/{conversation}/messages", {"content": "Say hello in one short sentence."}, token)
    answer = sent["answer"]["id"]
    print("asked")
    row = f"{base}/api/conversations/{conversation}/messages/{answer}"
    started = time.monotonic()
    for name, data in events(base + sent["stream"], token, seconds):
        if name == "snapshot" and not data.get("message_id") and call("GET", row, token=token)["status"] == "done":
            break  # it was quicker than we were
        if answer not in (data.get("message_id"), data.get("message", {}).get("id")):
            continue
        if name == "failed":
            sys.exit(f"the answer failed: {data}")
        if name in ("delta", "done"):
            print(f"{name} after {time.monotonic() - started:.1f} s")
        if name == "done":
            break
    final = call("GET", row, token=token)
    if final["status"] != "done" or not final["content"].strip():
        sys.exit(f"the answer is not there: {final}")
    print(f"answered by {final['model']}: {final['content'].strip()[:200]}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), float(sys.argv[2]) if len(sys.argv) > 2 else 300)
