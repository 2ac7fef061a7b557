require_relative "rollers"
require_relative "inks"
module Press
  SHEET = File.read(File.join(__dir__, "data", "presses.csv"))
  NOTICE = File.read(File.expand_path("data/notice.txt", __dir__))
end
