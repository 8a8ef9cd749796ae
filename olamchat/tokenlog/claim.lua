-- Make an attempt the only one that may write its turn's deltas, and tell `body`.
-- KEYS: log, fence.  ARGV: turn, attempt, channel, body, life in ms.
-- The fence is a hash: turn -> "attempt" while it is open, "attempt closed" after; "since" -> the id of the newest closing event;
-- "turn:told" -> the number of its writer's last append.
local held = redis.call('HGET', KEYS[2], ARGV[1])
if held then
  local attempt, closed = held:match('^(%d+)(.*)$')
  if tonumber(attempt) > tonumber(ARGV[2]) or (tonumber(attempt) == tonumber(ARGV[2]) and closed ~= '') then
    return 'stale'
  end
end
local since = redis.call('HGET', KEYS[2], 'since')
if since and not held then
  redis.call('XTRIM', KEYS[1], 'MINID', since)
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[1] .. ':told')
local id = redis.call('XADD', KEYS[1], '*', 'e', ARGV[4])
redis.call('PUBLISH', ARGV[3], id .. '\n' .. ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 'ok'
