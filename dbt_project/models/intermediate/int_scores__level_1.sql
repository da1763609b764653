{{ roll_up(1) }}
