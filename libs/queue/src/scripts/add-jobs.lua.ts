/** Adds jobs to any number of queues in one call. Kept as text in a module, so that it is compiled, shipped and tested like code. */
export const ADD_JOBS = `--[[
  Adds jobs to the wait lists of one or more queues, then wakes the workers: after the adding, in the same step.
  A job that waits or is active already is left as it is. One that is delayed waits from now on: whoever adds it without a delay knows
  better than the clock its delay was reckoned by. (A worker two hours ahead delayed inquiries by two hours, and every later add of the
  same id was swallowed: chaos, clocks 1, seed 1.)

  Does to the keys what BullMQ 6.7.0's addStandardJob-9 does, except: no entries in the events stream (nobody reads it; QueueEvents
  listeners see nothing), no priorities, parents, deduplication ids or repeats (jobs here have none).

  Input:
    KEYS[1]  wake channel
    ARGV[1]  timestamp, epoch ms
    ARGV[2]  job name
    ARGV[3]  job options, JSON
    ARGV[4]  wake-up message, '' for none
    ARGV[5...] per queue: key prefix, n, then n times: job id, data
  Output:
    how many jobs are new
]]
local rcall = redis.call
local at = 5
local added = 0
while ARGV[at] do
  local prefix = ARGV[at]
  local n = tonumber(ARGV[at + 1])
  at = at + 2
  rcall("INCRBY", prefix .. "id", n)
  local fresh = {}
  for _ = 1, n do
    local id = ARGV[at]
    local jobKey = prefix .. id
    if rcall("EXISTS", jobKey) == 0 then
      rcall("HSET", jobKey, "name", ARGV[2], "data", ARGV[at + 1], "opts", ARGV[3],
        "timestamp", ARGV[1], "delay", 0, "priority", 0)
      fresh[#fresh + 1] = id
      added = added + 1
    elseif rcall("ZREM", prefix .. "delayed", id) == 1 then
      rcall("HSET", jobKey, "delay", 0)
      fresh[#fresh + 1] = id
    end
    at = at + 2
  end
  if #fresh > 0 then
    rcall("LPUSH", prefix .. "wait", unpack(fresh))
    local limits = rcall("HMGET", prefix .. "meta", "paused", "concurrency")
    local closed = limits[1] or (limits[2] and rcall("LLEN", prefix .. "active") >= tonumber(limits[2]))
    -- BullMQ's own workers block on the marker; ours do not, but both may serve a queue.
    if not closed then rcall("ZADD", prefix .. "marker", 0, "0") end
  end
end
if ARGV[4] ~= "" then rcall("PUBLISH", KEYS[1], ARGV[4]) end
return added
`;
