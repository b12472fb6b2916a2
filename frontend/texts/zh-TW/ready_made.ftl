# Beginning with a ready-made flow.

ready-made-offer = 可以從現成的流程開始：請假、報銷、採購、折扣、合約、退款、預算、到職。
ready-made-begin = 從現成流程開始
ready-made-title = 現成流程
ready-made-mapping = 選擇流程要用的欄位和角色，之後都可以再改。
ready-made-optional = { $name }（可不選）
ready-made-back = 其他流程
ready-made-take = 使用此流程
