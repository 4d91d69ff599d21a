/** Takes jobs out of any number of queues in one call, never above a queue's limit. */
export const TAKE_JOBS = `--[[
  Moves up to max jobs of each queue from wait to active and locks them for the worker, in the queue's order. The channel's limit
  (global concurrency) and its pause are obeyed in the same step that hands out the jobs: two workers can never both take the last permit.

  Does to the keys what BullMQ 6.7.0's moveToActive-11 does, except: no entries in the events stream, no rate limiter, no priorities,
  no legacy markers in the wait list. Delayed jobs whose time has come are moved to wait first, at most 1000 a call.

  Input:
    KEYS[1..n] key prefix of each queue (ends in ':'; carries the hash tag)
    ARGV[1]    timestamp, epoch ms
    ARGV[2]    lock token
    ARGV[3]    lock duration, ms
    ARGV[3+i]  most jobs to take from queue i
  Output:
    per queue: { jobs still waiting, epoch ms of the next delayed job or 0, job id... }
]]
local rcall = redis.call
local now = tonumber(ARGV[1])
local answers = {}
for i, prefix in ipairs(KEYS) do
  local wait, active, delayed = prefix .. "wait", prefix .. "active", prefix .. "delayed"
  local limits = rcall("HMGET", prefix .. "meta", "paused", "concurrency")
  local room = tonumber(ARGV[3 + i])
  if limits[2] then room = math.min(room, tonumber(limits[2]) - rcall("LLEN", active)) end
  if limits[1] then room = 0 end

  local due = rcall("ZRANGEBYSCORE", delayed, 0, (now + 1) * 0x1000 - 1, "LIMIT", 0, 1000)
  if #due > 0 then
    rcall("ZREM", delayed, unpack(due))
    for _, id in ipairs(due) do
      rcall("LPUSH", wait, id)
      rcall("HSET", prefix .. id, "delay", 0)
    end
    if room > 0 then rcall("ZADD", prefix .. "marker", 0, "0") end
  end

  local ids = room > 0 and rcall("RPOP", wait, room) or nil
  local answer = {}
  if ids and #ids > 0 then
    rcall("LPUSH", active, unpack(ids))
    for k, id in ipairs(ids) do
      local jobKey = prefix .. id
      rcall("SET", jobKey .. ":lock", ARGV[2], "PX", ARGV[3])
      rcall("HSET", jobKey, "processedOn", ARGV[1])
      rcall("HINCRBY", jobKey, "ats", 1)
      answer[k + 2] = id
    end
    rcall("ZADD", prefix .. "marker", 0, "0")
  end
  answer[1] = rcall("LLEN", wait)
  local nextDue = rcall("ZRANGE", delayed, 0, 0, "WITHSCORES")
  answer[2] = nextDue[2] and math.floor(tonumber(nextDue[2]) / 0x1000) or 0
  answers[i] = answer
end
return answers
`;
