-- While the resource is paused, the operator writes nothing: only resume would show an effect.
local paused = obj.spec.paused == true

local actions = {}
actions["scale"] = {
  ["displayName"] = "Scale",
  ["iconClass"] = "fa fa-fw fa-plus-minus",
  ["disabled"] = paused,
  ["params"] = {
    {
      ["name"] = "replicas",
      ["default"] = tostring(obj.spec.replicas)
    }
  }
}
actions["restart"] = {
  ["displayName"] = "Restart pods one after the other",
  ["iconClass"] = "fa fa-fw fa-recycle",
  ["disabled"] = paused
}
actions["pause"] = {
  ["displayName"] = "Pause writes to children",
  ["iconClass"] = "fa fa-fw fa-pause",
  ["disabled"] = paused
}
actions["resume"] = {
  ["displayName"] = "Resume writes to children",
  ["iconClass"] = "fa fa-fw fa-play",
  ["disabled"] = not paused
}
return actions
