mail-reset-subject = 設定新密碼
mail-reset-body =
    { $name }，你好：

    有人（應該是你）忘記了「{ $workspace }」中 { $email } 的密碼。請在 { $minutes } 分鐘內開啟下面的連結，設定新密碼：

    { $link }

    如果不是你提出的，不必做任何事，密碼不會改變。
