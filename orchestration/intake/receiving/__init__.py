"""What one delivery goes through: judged, landed, receipted, in one transaction. The door is `intake.receive`."""
