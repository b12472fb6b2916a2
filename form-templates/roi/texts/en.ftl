duplicate = { $booked ->
    [salary] The whole salary of this person is booked for { $month } already; their time is not booked again.
   *[other] Time of this person is booked for { $month } already; their whole salary is not booked again.
}
