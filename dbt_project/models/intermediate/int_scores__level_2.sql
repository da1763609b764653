{{ roll_up(2) }}
