duplicate = { $booked ->
    [salary] 此人 { $month } 的全部薪資已經入帳，時間不再入帳。
   *[other] 此人 { $month } 的時間已經入帳，全部薪資不再入帳。
}
