"""A server that speaks Ollama's and OpenAI's chat protocols and does what a test tells it to: the other side of every engine.

Run it as a process: `python -m tests.scripted_engine --port 0 --model counter --model 'slow?rate=20&length=200'`. It prints one line of
JSON with its address. A model's behaviour is a Script (script.py), set on the command line or by `POST /script {"model": ..., ...}`;
`GET /requests` tells what was asked, how much was sent and when a client hung up.
"""
