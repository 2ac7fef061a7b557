dofile("desk/drawers.lua")
loadfile("desk/lamps.lua")
