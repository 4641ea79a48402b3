-- Ask the bodies in a file, one a line, over and over; tell what came of it as JSON.
-- wrk -s load.lua URL -- FILE MEDIA_TYPE

local requests, turn = {}, 0

function init(arguments)
    for body in io.lines(arguments[1]) do
        local headers = { ["Content-Type"] = arguments[2] }
        requests[#requests + 1] = wrk.format("POST", nil, headers, body)
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "microseconds": %d, "median": %d, "p99": %d, "refused": %d, "lost": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
