-- IngressControllerHA follows kstatus, and so does this check: first the generation, then Reconciling
-- and Stalled (present only while true), then Ready, which is True in every steady state asked for.
local health = { status = "Progressing", message = "Waiting for an operator to see this generation" }

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Being deleted"
  return health
end

-- -1 until an operator has seen the resource
local status = obj.status or {}
if status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  return health
end

local ready = nil
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Stalled" and condition.status == "True" then
    return { status = "Degraded", message = condition.message }
  end
  if condition.type == "Reconciling" and condition.status == "True" then
    return { status = "Progressing", message = condition.message }
  end
  if condition.type == "Ready" then
    ready = condition
  end
end

if ready == nil then
  return health
end
health.message = ready.message
if ready.status == "True" then
  health.status = "Healthy"
  if obj.spec ~= nil and obj.spec.paused == true then
    health.status = "Suspended"
  end
end
return health
