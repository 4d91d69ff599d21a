/** The two steps of the controller's seat. Each is one script, so that nobody can lose the seat between looking and doing. */

/** Takes the seat if it is free (or ours: the answer to an earlier try was lost), in a term above all that anybody has seen. */
export const TAKE_SEAT = `--[[
  KEYS seat, term, state   ARGV token, lease ms, highest term the candidate has heard of
  Output: term, state or false, ms the state has left;  or false: taken
]]
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then return false end
local term = math.max(tonumber(redis.call("GET", KEYS[2]) or "0"), tonumber(ARGV[3])) + 1
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
redis.call("SET", KEYS[2], string.format("%d", term))
return { term, redis.call("GET", KEYS[3]), redis.call("PTTL", KEYS[3]) }
`;

/** Says the controller's word and renews its seat, if it still has it: a sleeper that wakes up is stopped here. */
export const PUBLISH_FROM_SEAT = `--[[
  KEYS seat, snapshot, state   ARGV token, lease ms, pub/sub channel, snapshot, ms to keep it, state or "", ms to keep it
  Output: 1 said, 0 the seat is not ours
]]
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("PEXPIRE", KEYS[1], ARGV[2])
redis.call("SET", KEYS[2], ARGV[4], "PX", ARGV[5])
if ARGV[6] ~= "" then redis.call("SET", KEYS[3], ARGV[6], "PX", ARGV[7]) end
redis.call("PUBLISH", ARGV[3], ARGV[4])
return 1
`;

/** Leaves the seat, so that the next controller need not wait until the lease runs out. */
export const LEAVE_SEAT = `--[[ KEYS seat   ARGV token ]]
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`;
