mail-invitation-subject = { $who } 邀請你加入「{ $workspace }」
mail-invitation-body =
    { $name }，你好：

    { $who } 邀請你加入「{ $workspace }」。請開啟下面的連結設定密碼並加入，連結僅可使用一次，{ $days } 天內有效：

    { $link }

    如果你不清楚這是什麼，不必做任何事。

mail-reset-subject = 設定新密碼
mail-reset-body =
    { $name }，你好：

    有人（應該是你）忘記了「{ $workspace }」中 { $email } 的密碼。請在 { $minutes } 分鐘內開啟下面的連結，設定新密碼：

    { $link }

    如果不是你提出的，不必做任何事，密碼不會改變。

mail-notice-task = 「{ $title }」等待你處理：{ $step }
mail-notice-returned = 「{ $title }」退回給你了
mail-notice-reminder = 提醒：「{ $title }」等待你處理
mail-notice-mention = { $who } 在「{ $title }」中提到了你
mail-notice-comment = { $who } 對「{ $title }」留言
mail-notice-copy = 「{ $title }」抄送給你
mail-notice-message = { $title }
mail-notice-outcome-approved = 「{ $title }」已核准
mail-notice-outcome-rejected = 「{ $title }」已駁回
mail-notice-outcome-terminated = 「{ $title }」已終止
mail-notice-failed = 「{ $title }」無法自動繼續：{ $step }
mail-notice-undelivered = 「{ $title }」送往外部系統的請求未獲接收，已停止重試：{ $step }
mail-notice-undelivered-receiver-off = 「{ $step }」的外部呼叫已停用：接收方一直失敗，最近一次為「{ $title }」
mail-notice-undelivered-call-chain-too-long = 「{ $title }」的外部呼叫未送出：由此接連引發的呼叫過多（{ $step }）
mail-notice-undelivered-call-budget-spent = 「{ $title }」的外部呼叫未送出：應用今天的呼叫次數已用完（{ $step }）
mail-notices-subject = { $count } 則通知
mail-notices-body =
    { $name }，你好：

    「{ $workspace }」有以下新消息：

    { $lines }

    目前等待你處理：{ $waiting }
      { $inbox }

    在這裡選擇要收到哪些通知、何時收到：
      { $settings }
