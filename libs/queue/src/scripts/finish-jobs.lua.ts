/** Removes finished jobs of any number of queues in one call. */
export const FINISH_JOBS = `--[[
  Removes jobs that the worker holds: hash, lock and place in the active list. A job that is gone (Redis was wiped) or held by another
  (the lock ran out) is left alone and counted.

  Does to the keys what BullMQ 6.7.0's moveToFinished-14 does with removeOnComplete and without fetching the next job, except: no entries
  in the events stream, no metrics, parents or deduplication ids, no logs of jobs.

  Input:
    KEYS[1..n] key prefix of each queue (ends in ':'; carries the hash tag)
    ARGV[1]    lock token
    ARGV[2...] per queue, in the order of KEYS: n, then n job ids
  Output:
    how many jobs were not the worker's any more
]]
local rcall = redis.call
local token = ARGV[1]
local at = 2
local gone = 0
for _, prefix in ipairs(KEYS) do
  local n = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, n do
    local id = ARGV[at]
    local jobKey = prefix .. id
    local lockKey = jobKey .. ":lock"
    at = at + 1
    if rcall("EXISTS", jobKey) == 1 and rcall("GET", lockKey) == token then
      rcall("SREM", prefix .. "stalled", id)
      if rcall("LREM", prefix .. "active", -1, id) == 1 then
        rcall("DEL", jobKey, lockKey)
      else
        rcall("DEL", lockKey)
        gone = gone + 1
      end
    else
      gone = gone + 1
    end
  end
end
return gone
`;
