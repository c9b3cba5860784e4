-- Posts the given file repeatedly, and prints the measurements of wrk as JSON at the end.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"

function init(args)
  local file = assert(io.open(args[1]))
  wrk.body = file:read("*a")
  file:close()
end

function done(summary, latency)
  local failed = 0
  for _, count in pairs(summary.errors) do
    failed = failed + count
  end
  local line = '{"requests": %.2f, "p50": %.3f, "p99": %.3f, "failed": %d}\n'
  local rate = summary.requests / summary.duration * 1e6
  io.write(line:format(rate, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
end
