"""What every pod of olamchat shares: services over doors, with no HTTP and no Celery app in it."""
