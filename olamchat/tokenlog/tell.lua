-- Add bodies that no turn writes.  KEYS: log.  ARGV: channel, life in ms for a log that has none, bodies.
local id
for body = 3, #ARGV do
  id = redis.call('XADD', KEYS[1], '*', 'e', ARGV[body])
  redis.call('PUBLISH', ARGV[1], id .. '\n' .. ARGV[body])
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return id
