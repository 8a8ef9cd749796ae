-- Add what many turns wrote to their logs, each turn's bodies all or none, refused where a newer attempt writes.
-- KEYS: log, fence for each turn.
-- ARGV: life after a close in ms, then for each turn: channel, turn, attempt, "1" if this closes it, this append's number,
-- up to which number they were confirmed, number of bodies, bodies.
-- Returns for each turn ok, stale (a newer attempt writes, or the turn is closed) or lost (the claim, or an append that was
-- confirmed, is not here any more: the store has lost the log's end).
local fates = {}
local at = 2
for turn = 1, #KEYS / 2 do
  local log, fence = KEYS[2 * turn - 1], KEYS[2 * turn]
  local channel, name, attempt, closes = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3] == '1'
  local number, confirmed, count = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  local held = redis.call('HGET', fence, name)
  local fate = 'ok'
  if held ~= attempt then
    local newest, closed = (held or '0'):match('^(%d+)(.*)$')
    if closed ~= '' and tonumber(newest) >= tonumber(attempt) or tonumber(newest) > tonumber(attempt) then
      fate = 'stale'
    elseif not closes then
      fate = 'lost'
    end
  elseif number > 0 then
    local told = tonumber(redis.call('HGET', fence, name .. ':told') or '0')
    if told < confirmed or told >= number then
      fate = 'lost'
    end
  end
  if fate == 'ok' then
    local id
    for body = at + 7, at + 6 + count do
      id = redis.call('XADD', log, '*', 'e', ARGV[body])
      redis.call('PUBLISH', channel, id .. '\n' .. ARGV[body])
    end
    if closes then
      redis.call('HSET', fence, name, attempt .. ' closed', 'since', id)
      redis.call('HDEL', fence, name .. ':told')
      redis.call('PEXPIRE', log, ARGV[1])
    elseif number > 0 then
      redis.call('HSET', fence, name .. ':told', number)
    end
  end
  fates[turn] = fate
  at = at + 7 + count
end
return fates
