# Beginning with a ready-made flow.

ready-made-offer = 可以从现成的流程开始：请假、报销、采购、折扣、合同、退款、预算、入职。
ready-made-begin = 从现成流程开始
ready-made-title = 现成流程
ready-made-mapping = 选择流程要用的字段和角色，之后都可以再改。
ready-made-optional = { $name }（可不选）
ready-made-back = 其他流程
ready-made-take = 使用此流程
