"""What a preview is made of: figures and causes before and after. The door is `intake.preview`."""
