-- Add what many turns wrote to their logs, each turn's bodies all or none, refused where a newer attempt writes.
-- KEYS: log, fence for each turn.
-- ARGV: life after a close in ms, then for each turn: channel, turn, attempt, "1" if this closes it, number of bodies, bodies.
-- Returns for each turn ok, stale (a newer attempt writes, or the turn is closed) or lost (the claim is not here any more).
local fates = {}
local at = 2
for turn = 1, #KEYS / 2 do
  local log, fence = KEYS[2 * turn - 1], KEYS[2 * turn]
  local channel, name, attempt, closes, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3] == '1', tonumber(ARGV[at + 4])
  local held = redis.call('HGET', fence, name)
  local fate = 'ok'
  if held ~= attempt then
    local newest, closed = (held or '0'):match('^(%d+)(.*)$')
    if closed ~= '' and tonumber(newest) >= tonumber(attempt) or tonumber(newest) > tonumber(attempt) then
      fate = 'stale'
    elseif not closes then
      fate = 'lost'
    end
  end
  if fate == 'ok' then
    local id
    for body = at + 5, at + 4 + count do
      id = redis.call('XADD', log, '*', 'e', ARGV[body])
      redis.call('PUBLISH', channel, id .. '\n' .. ARGV[body])
    end
    if closes then
      redis.call('HSET', fence, name, attempt .. ' closed', 'since', id)
      redis.call('PEXPIRE', log, ARGV[1])
    end
  end
  fates[turn] = fate
  at = at + 5 + count
end
return fates
