module Press
  WEIGHTS = File.read(File.join(__dir__, "data/weights.csv"))
end
