{{ roll_up(3) }}
