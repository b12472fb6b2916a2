# Beginning with a ready-made flow.

ready-made-offer = Begin with a flow that is ready: leave, expense, purchase, discount, contract, refund, budget, onboarding.
ready-made-begin = Start from a ready-made flow
ready-made-title = Ready-made flows
ready-made-mapping = Say which fields and roles the flow works with. Everything can be changed afterwards.
ready-made-optional = { $name } (optional)
ready-made-back = Other flows
ready-made-take = Use this flow
