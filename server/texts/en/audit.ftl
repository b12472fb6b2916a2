# The audit trail as a table
audit-title = Audit trail
audit-seq = Number
audit-at = Time (UTC)
audit-who = Member (id)
audit-who-name = Member
audit-action = Action
audit-object-kind = Kind of object
audit-object = Object (id)
audit-label = Object
audit-path = Way
audit-ip = Address
audit-request-id = Request
audit-changes = Details
audit-hash = Hash
audit-chain = Chained hash
