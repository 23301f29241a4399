local os = require("os")

-- any new value replaces the pods once
obj.spec.restartTrigger = os.date("!%Y-%m-%dT%XZ")
return obj
