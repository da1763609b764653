{{ roll_up(4) }}
