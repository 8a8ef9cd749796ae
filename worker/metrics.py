"""What a worker counts (https://prometheus.io/docs/practices/naming/)."""

from prometheus_client import Counter, Gauge, Histogram

TAKEN = Counter("olamchat_worker_turns_taken_total", "Turns taken, by kind and pool.", ["kind", "pool"])
TAKEN_OVER = Counter("olamchat_worker_turns_taken_over_total", "Answers that another worker had begun.", ["pool"])
APART = Counter("olamchat_worker_turns_apart_total", "Turns run in a process of their own, since workers died while they ran.", ["pool"])
ENDED = Counter("olamchat_worker_answers_total", "Answers that ended here, by how.", ["pool", "status"])
LET_GO = Counter("olamchat_worker_turns_let_go_total", "Turns that another worker goes on with: fenced or handed over.", ["why"])
ENGINE_ERRORS = Counter("olamchat_worker_engine_errors_total", "What engines refused or broke, by code.", ["pool", "code"])
PIECES = Counter("olamchat_worker_pieces_total", "Pieces of text that engines said.", ["pool"])
RUNNING = Gauge("olamchat_worker_running", "Turns running now.", ["pool"])
CAPACITY = Gauge("olamchat_worker_capacity", "Turns this worker can run at once, whatever their pools.", ["pool"])
LOAD = Gauge("olamchat_pool_load", "Turns queued and running in the pool, as autoscaling counts them.", ["pool"])
LOST = Gauge("olamchat_answers_lost", "Answers queued or running that no turn will ever bring to an end. Must stay 0.")
WAIT = Histogram("olamchat_worker_wait_seconds", "From accepted to taken.", ["pool"], buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300))
FIRST = Histogram(
    "olamchat_worker_first_token_seconds", "From taken to the model's first word.", ["pool"], buckets=(0.02, 0.1, 0.5, 2, 10, 60)
)
FIRST_SEEN = Histogram(
    "olamchat_answer_first_token_seconds", "From accepted to the model's first word.", ["pool"], buckets=(0.02, 0.1, 0.5, 2, 10, 60, 300)
)
RATE = Histogram(
    "olamchat_answer_tokens_per_second",
    "Tokens a second of an answer, from its first on.",
    ["pool"],
    buckets=(2, 5, 10, 20, 40, 80, 160, 1000),
)
LAG = Histogram(
    "olamchat_worker_lag_seconds", "From the oldest untold word to its telling.", buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2)
)
SWEPT = Counter("olamchat_worker_swept_total", "What the sweeper made right, by kind.", ["what"])
ROUND_AGE = Gauge("olamchat_worker_round_age_seconds", "Seconds since a part of the worker last went round.", ["part"])
ROUNDS_FAILED = Counter("olamchat_worker_rounds_failed_total", "Rounds of a part that failed; the next one comes all the same.", ["part"])
STEPS = Counter("olamchat_steps_total", "Steps that ended or were let go here, by how.", ["server", "state"])
STEP_SECONDS = Histogram(
    "olamchat_step_seconds", "From a step's being taken to its end.", ["server"], buckets=(0.02, 0.05, 0.1, 0.5, 2, 10, 60, 300)
)
STEPS_OPEN = Gauge("olamchat_steps_open", "Steps that have not ended, by state.", ["state"])
DOCUMENTS = Counter("olamchat_documents_total", "Documents that ended or were let go here, by how.", ["how"])
RERANKED = Counter("olamchat_reranked_total", "Searches whose passages a reranker put in order, or failed to.", ["how"])
DOCUMENTS_OPEN = Gauge("olamchat_documents_open", "Documents that wait or are being read.")
