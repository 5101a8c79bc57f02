-- SPDX-License-Identifier: GPL-2.0-only
-- For wrk: asks for each file in turn and compares every response with the file's content.
-- wrk -s nginx_check.lua URL -- DIRECTORY REPORT FILE...
--
-- Connections share this script, so a response says by a header which file it is.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local paths = {}
local contents = {}
local turn = 0

function init(args)
  report = args[2]
  responses = 0
  bad = 0
  first_bad = ""
  for i = 3, #args do
    local file = assert(io.open(args[1] .. "/" .. args[i], "rb"))
    local path = "/" .. args[i]
    contents[path] = file:read("*a")
    table.insert(paths, path)
    file:close()
  end
end

function request()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn])
end

function response(status, headers, body)
  responses = responses + 1
  local path = headers["X-File"] or headers["Content-Location"]
  if status ~= 200 or body ~= contents[path] then
    bad = bad + 1
    if bad == 1 then
      first_bad = string.format("%s: status %d, %d bytes", tostring(path), status, #body)
    end
  end
end

function done(summary)
  local all, all_bad, which = 0, 0, ""
  for _, thread in ipairs(threads) do
    all = all + thread:get("responses")
    all_bad = all_bad + thread:get("bad")
    if which == "" then which = thread:get("first_bad") end
  end
  local errors = summary.errors
  local file = assert(io.open(threads[1]:get("report"), "w"))
  file:write(string.format(
    '{"responses": %d, "bad": %d, "first_bad": "%s", "bytes": %d, "connect": %d, "read": %d,' ..
    ' "write": %d, "status": %d, "timeout": %d}\n',
    all, all_bad, which, summary.bytes, errors.connect, errors.read, errors.write, errors.status,
    errors.timeout))
  file:close()
end
