mail-invitation-subject = { $who } 邀请你加入「{ $workspace }」
mail-invitation-body =
    { $name }，你好：

    { $who } 邀请你加入「{ $workspace }」。请打开下面的链接设置密码并加入，链接仅可使用一次，{ $days } 天内有效：

    { $link }

    如果你不清楚这是什么，不用做任何事。

mail-reset-subject = 设置新密码
mail-reset-body =
    { $name }，你好：

    有人（应该是你）忘记了「{ $workspace }」中 { $email } 的密码。请在 { $minutes } 分钟内打开下面的链接，设置新密码：

    { $link }

    如果不是你提出的，不用做任何事，密码不会改变。

mail-notice-task = 「{ $title }」等待你处理：{ $step }
mail-notice-returned = 「{ $title }」退回给你了
mail-notice-reminder = 提醒：「{ $title }」等待你处理
mail-notice-mention = { $who } 在「{ $title }」中提到了你
mail-notice-comment = { $who } 评论了「{ $title }」
mail-notice-copy = 「{ $title }」抄送给你了
mail-notice-message = { $title }
mail-notice-outcome-approved = 「{ $title }」已通过
mail-notice-outcome-rejected = 「{ $title }」被拒绝
mail-notice-outcome-terminated = 「{ $title }」已终止
mail-notice-failed = 「{ $title }」无法自动继续：{ $step }
mail-notice-undelivered = 「{ $title }」发给外部系统的请求未被接收，已停止重试：{ $step }
mail-notice-undelivered-receiver-off = 「{ $step }」的外部请求已停用：接收方一直失败，最近一次为「{ $title }」
mail-notice-undelivered-call-chain-too-long = 「{ $title }」的外部请求未发出：由此接连引发的请求过多（{ $step }）
mail-notice-undelivered-call-budget-spent = 「{ $title }」的外部请求未发出：应用今天的请求次数已用完（{ $step }）
mail-notices-subject = { $count } 条通知
mail-notices-body =
    { $name }，你好：

    「{ $workspace }」中有以下新消息：

    { $lines }

    目前等待你处理：{ $waiting }
      { $inbox }

    在这里选择要接收哪些通知、何时接收：
      { $settings }
