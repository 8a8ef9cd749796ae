-- The newest ids of many logs, after the word that says whether the store still is the one it was.
-- KEYS: memory, logs.  ARGV: the word for a store that has none.  Returns the word, then an id for each log.
local memory = redis.call('GET', KEYS[1])
if not memory then
  memory = ARGV[1]
  redis.call('SET', KEYS[1], memory)
end
local tails = {memory}
for log = 2, #KEYS do
  local newest = redis.call('XREVRANGE', KEYS[log], '+', '-', 'COUNT', 1)[1]
  tails[log] = newest and newest[1] or '0-0'
end
return tails
