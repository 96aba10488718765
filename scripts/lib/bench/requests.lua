-- Requests for wrk: every path with a key of its own, in turn; arguments: the scratch folder.
local requests = {}
local at = 0

local function lines(path)
   local found = {}
   for line in io.lines(path) do found[#found + 1] = line end
   return found
end

function init(arguments)
   local paths = lines(arguments[1] .. "/wrk-paths.txt")
   local keys = lines(arguments[1] .. "/wrk-keys.txt")
   for i, path in ipairs(paths) do
      local key = keys[(i - 1) % #keys + 1]
      requests[i] = wrk.format("GET", path, { ["Host"] = "bench.example", ["X-Api-Key"] = key })
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency)
   local e = summary.errors
   local errors = e.connect + e.read + e.write + e.status + e.timeout
   io.write(string.format("RESULT %d %d %d\n", summary.requests, latency:percentile(99), errors))
end
