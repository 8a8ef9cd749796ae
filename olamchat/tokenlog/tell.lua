-- Add bodies that no turn writes, to one log or several.
-- KEYS: logs.  ARGV: life in ms for a log that has none; for each log: channel, number of bodies, bodies.
local id
local at = 2
for log = 1, #KEYS do
  local channel, last = ARGV[at], at + 1 + tonumber(ARGV[at + 1])
  for body = at + 2, last do
    id = redis.call('XADD', KEYS[log], '*', 'e', ARGV[body])
    redis.call('PUBLISH', channel, id .. '\n' .. ARGV[body])
  end
  if redis.call('PTTL', KEYS[log]) < tonumber(ARGV[1]) then
    redis.call('PEXPIRE', KEYS[log], ARGV[1])
  end
  at = last + 1
end
return id
