-- The upper limit is the API server's to check.
local wanted = actionParams["replicas"]
local replicas = tonumber(wanted)
if replicas == nil or replicas < 0 or replicas % 1 ~= 0 then
  error("replicas must be a whole number from 0, and is " .. tostring(wanted), 0)
end
obj.spec.replicas = replicas
return obj
