"""What the house can do, in verbs: no HTTP, no Flask, no Celery app."""
