/** Counts what waits in any number of queues in one call: the slow poll of a worker with 300 channels is one command, not 1,200. */
export const COUNT_JOBS = `--[[
  How many jobs of each queue could be taken now: waiting, or delayed and due. Changes nothing.

  Input:
    KEYS[1..n] key prefix of each queue (ends in ':'; carries the hash tag)
    ARGV[1]    timestamp, epoch ms
  Output:
    per queue: a count
]]
local rcall = redis.call
local dueScore = (tonumber(ARGV[1]) + 1) * 0x1000 - 1
local counts = {}
for i, prefix in ipairs(KEYS) do
  counts[i] = rcall("LLEN", prefix .. "wait") + rcall("ZCOUNT", prefix .. "delayed", 0, dueScore)
end
return counts
`;
