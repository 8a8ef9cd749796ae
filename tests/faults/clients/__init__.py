"""What watches and asks: a page without a screen."""
