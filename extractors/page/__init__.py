"""From an uploaded picture to a sheet that lies as it is read: upright, straight, large enough."""
