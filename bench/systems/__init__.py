"""What is measured, and what runs beside it: the engine, nginx, the whole house, their use of the machine."""
