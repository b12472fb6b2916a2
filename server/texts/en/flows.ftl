# Requests that could not be moved, as a table
unmoved-sheet = Requests that stayed
unmoved-title = Request
unmoved-step = Step
unmoved-why = Why
unmoved-instance = Approval (id)
unmoved-record = Record (id)
