# 脚本可用的内容
script-topic-given = 每个脚本都有
script-topic-reading = 读取
script-topic-writing = 写入
script-topic-ending = 拒绝与输出
script-topic-around = 保存时的环境
script-topic-values = 数字与列表
script-fn-record = 正在保存的记录。record.字段 读取字段；record.字段 = 值 给标记为「由脚本设置」的字段赋值。子表单的行是列表。
script-fn-old = 记录保存前的样子；新记录为 ()。
script-fn-get = 按编号取一条记录；已不存在则为 ()。保存结束前别人不能修改它。
script-fn-find = 符合第二个参数的记录：字段相等，或一个条件。表单的位置写 #{"{"}aggregate: "标识"{"}"} 则读取聚合表。
script-fn-first = find 结果中的第一条；没有则为 ()。
script-fn-count = 精确的记录条数。
script-fn-sum = 一个字段的精确合计。
script-fn-aggregate = 聚合表中这些维度的一组，是本次保存之前的数值；没有则为 ()。group["维度.字段"] 读取关联记录的字段。
script-fn-create = 新建一条记录，遵守其表单的全部规则；返回编号。表单有流程时会发起流程，除非注明不发起。
script-fn-update = 修改一条记录的字段，遵守其表单的全部规则。
script-fn-remove = 把一条记录放入回收站。
script-fn-refuse = 以一个代码结束保存，文字写在应用包中：现状不允许用 409，输入有误用 422。不保存任何内容。
script-fn-log = 试运行时输出一个值；正式保存时不起作用。
script-fn-param = 应用的参数。
script-fn-today = 保存当天的日期，按工作区的时区。
script-fn-now = 保存的时刻。
script-fn-user = 保存者的编号；由系统自身保存时为 ()。
script-fn-round = 四舍五入。
script-fn-split = 按比例拆分合计，各部分之和恰好等于合计。
script-fn-len = 列表的项数，或文本的字符数。
script-fn-contains = 列表是否含有一个值，或映射是否含有一项。
