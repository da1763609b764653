{{ roll_up(0) }}
