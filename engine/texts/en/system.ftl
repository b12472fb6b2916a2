# System fields
system-id = Record ID
system-version = Version
system-created-at = Created at
system-created-by = Created by
system-updated-at = Updated at
system-updated-by = Updated by
system-owner = Owner
system-department = Department
system-collaborators = Collaborators
system-flow-state = Flow state
system-voided-at = Voided at
system-deleted-at = Deleted at
system-record = This record
