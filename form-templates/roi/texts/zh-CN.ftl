duplicate = { $booked ->
    [salary] 此人 { $month } 的全部薪资已经入账，时间不再入账。
   *[other] 此人 { $month } 的时间已经入账，全部薪资不再入账。
}
