mail-reset-subject = 设置新密码
mail-reset-body =
    { $name }，你好：

    有人（应该是你）忘记了“{ $workspace }”中 { $email } 的密码。请在 { $minutes } 分钟内打开下面的链接，设置新密码：

    { $link }

    如果不是你提出的，不用做任何事，密码不会改变。
